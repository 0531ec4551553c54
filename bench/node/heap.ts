import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { writeResult } from '../report.ts'

const quick = process.argv.includes('--quick')
const blocks = quick ? 5 : 20
const perBlock = quick ? 20_000 : 50_000
const connections = 8

const child = fork(join(import.meta.dirname, 'heap-server.ts'), { execArgv: ['--expose-gc', '--no-warnings'] })
try {
  const [url] = (await once(child, 'message')) as [string]
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const heaps: number[] = []
  for (let block = 0; block <= blocks; block++) {
    await load(url, agent)
    const { heapUsed, rss } = JSON.parse(await read(`${url}/heap`, agent)) as { heapUsed: number; rss: number }
    heaps.push(heapUsed)
    console.log(`${(block + 1) * perBlock} requests: heap ${heapUsed} bytes, resident ${rss} bytes`)
  }
  agent.destroy()
  // The first block warms up: what is compiled and cached by then stays.
  const slope = slopeOf(heaps.slice(1)) / perBlock
  console.log(`\nslope of the heap after collections: ${slope.toFixed(2)} bytes a request`)
  writeResult('heap', { requests: blocks * perBlock, slope, heaps })
} finally {
  child.kill('SIGKILL')
}

/** By least squares, for each step. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const above = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0)
  return above / values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0)
}

async function load(url: string, agent: Agent): Promise<void> {
  let left = perBlock
  const work = async (): Promise<void> => {
    while (left-- > 0) await read(url, agent)
  }
  await Promise.all(Array.from({ length: connections }, work))
}

function read(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve(text)).on('error', reject)
    }).on('error', reject)
  })
}
