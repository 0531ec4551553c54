import { Agent, get } from 'node:http'
import { bundleWorker } from '../../tools/runtimes/workerd.ts'
import { shuffle, toRows } from '../measure.ts'
import { cpuOf } from '../process-cpu.ts'
import { printTable, writeResult } from '../report.ts'
import { serveWorkerd, type ServedWorker } from './serve-workerd.ts'

const quick = process.argv.includes('--quick')
const rounds = quick ? 11 : 25
const connections = 8

const kinds = {
  plain: 'by hand, not watched',
  hand: 'by hand, a native pipe',
  empty: 'lexigram-edge, not watched',
  watched: 'lexigram-edge, watched',
} as const
/** Requests of a turn, by body. */
const turns = { text: 250, large: 15, events: 80 } as const

const contents = "export { default } from './apps/bodies.js'"
const script = await bundleWorker({ contents, resolveDir: import.meta.dirname })
await using worker = await serveWorkerd(script)
const agent = new Agent({ keepAlive: true, maxSockets: connections })
try {
  for (const [body, requests] of Object.entries(turns)) {
    const times = new Map<string, number[]>(Object.keys(kinds).map((kind) => [kind, []]))
    for (let round = -3; round < rounds; round++) {
      for (const kind of shuffle(Object.keys(kinds))) {
        const before = cpuOf(worker.pid)
        await load(worker, `/${kind}/${body}`, requests)
        // The first rounds only warm up.
        if (round >= 0) times.get(kind)!.push((cpuOf(worker.pid) - before) / requests)
      }
    }
    const rows = toRows(new Map(Object.entries(kinds).map(([kind, name]) => [name, times.get(kind)!])))
    printTable(`A watched body in workerd, ${body}: CPU of a request`, rows)
    writeResult(`bodies-${body}`, rows)
  }
} finally {
  agent.destroy()
}

async function load({ url }: ServedWorker, path: string, requests: number): Promise<void> {
  let left = requests
  const work = async (): Promise<void> => {
    while (left-- > 0) await request(url + path)
  }
  await Promise.all(Array.from({ length: connections }, work))
}

function request(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => response.resume().on('end', resolve).on('error', reject)).on('error', reject)
  })
}
