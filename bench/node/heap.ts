import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { writeResult } from '../report.ts'
import { loadPipelined } from './pipelined-load.ts'

const quick = process.argv.includes('--quick')
const blocks = quick ? 5 : 20
const perBlock = quick ? 20_000 : 50_000

const child = fork(join(import.meta.dirname, 'heap-server.ts'), { execArgv: ['--expose-gc', '--no-warnings'] })
try {
  const [url] = (await once(child, 'message')) as [string]
  const heaps: number[] = []
  for (let block = 0; block <= blocks; block++) {
    await loadPipelined(url, { connections: 8, depth: 32, requests: perBlock })
    const { heapUsed, rss } = (await (await fetch(`${url}/heap`)).json()) as { heapUsed: number; rss: number }
    heaps.push(heapUsed)
    console.log(`${(block + 1) * perBlock} requests: heap ${heapUsed} bytes, resident ${rss} bytes`)
  }
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
