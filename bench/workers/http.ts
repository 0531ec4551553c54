import { Agent, get } from 'node:http'
import { bundleWorker } from '../../tools/runtimes/workerd.ts'
import { shuffle, toRows } from '../measure.ts'
import { cpuOf } from '../process-cpu.ts'
import { printTable, time, writeResult } from '../report.ts'
import { serveWorkerd, type ServedWorker } from './serve-workerd.ts'

const quick = process.argv.includes('--quick')
const generations = quick ? 2 : 5
const rounds = quick ? 9 : 15
const connections = 16
// Small turns: what else the machine does changes slowly in comparison, so both of a pair have their share of it.
const turns = { http: 250, loop: 1000 }

/** The same Worker by hand and with the container. */
const pairs: Readonly<Record<string, readonly [string, string]>> = {
  'no services': ['hono', 'lexigram-empty'],
  'services, nothing to dispose of': ['hono-services', 'lexigram-services'],
  'services, a session released after the body': ['hono-session', 'lexigram-session'],
}

/** A Worker that also answers itself, n times within one request: without sockets and HTTP, all is the isolate's work. */
const looping = (name: string): string => `
import worker from './apps/${name}.js'
export default {
  async fetch(request, env, ctx) {
    const [url, n] = request.url.split('?loop=')
    if (n === undefined) return worker.fetch(request, env, ctx)
    for (let i = 0; i < Number(n); i++) await (await worker.fetch(new Request(url), env, ctx)).text()
    return new Response('done')
  },
}`

interface Served {
  readonly worker: ServedWorker
  readonly agent: Agent
}

type Work = (each: Served) => Promise<number>

/** Nanoseconds of CPU per request, by round. */
interface Times {
  readonly hand: number[]
  readonly own: number[]
}

for (const [title, names] of Object.entries(pairs)) {
  const http: Times = { hand: [], own: [] }
  const isolate: Times = { hand: [], own: [] }
  // Processes differ a little for as long as they live, so no pair is compared in one only.
  for (let generation = 0; generation < generations; generation++) {
    const served: Served[] = []
    try {
      for (const name of names) served.push(await serve(name))
      await takeTurns(http, served, load)
      await takeTurns(isolate, served, loop)
    } finally {
      for (const { worker, agent } of served) {
        agent.destroy()
        await worker[Symbol.asyncDispose]()
      }
    }
  }
  const name = names[1].replace('lexigram-', '')
  report(`Requests to workerd, ${title}: CPU, ${connections} connections`, `http-${name}`, http)
  report('The same in the isolate', `http-${name}-isolate`, isolate)
}

async function takeTurns(times: Times, [hand, own]: readonly Served[], work: Work): Promise<void> {
  for (let round = -5; round < rounds; round++) {
    const sum = { hand: 0, own: 0 }
    for (const kind of [...shuffle(['hand', 'own'] as const), ...shuffle(['hand', 'own'] as const)]) {
      const each = kind === 'hand' ? hand! : own!
      const before = cpuOf(each.worker.pid)
      const requests = await work(each)
      sum[kind] += (cpuOf(each.worker.pid) - before) / requests / 2
    }
    // The first rounds only warm up.
    if (round < 0) continue
    times.hand.push(sum.hand)
    times.own.push(sum.own)
  }
}

function report(title: string, file: string, { hand, own }: Times): void {
  const rows = toRows(
    new Map([
      ['Hono, by hand', hand],
      ['lexigram-edge + Hono', own],
    ]),
  )
  printTable(title, rows)
  console.log(`\nmiddle half of the paired differences: ${spread(hand, own)}`)
  writeResult(file, rows)
}

async function serve(name: string): Promise<Served> {
  const script = await bundleWorker({ contents: looping(name), resolveDir: import.meta.dirname })
  const worker = await serveWorkerd(script)
  const each = { worker, agent: new Agent({ keepAlive: true, maxSockets: connections }) }
  const text = await request(each, '')
  if (!text.startsWith('{"id":"42","name":"lamp"')) throw new Error(`${name} answers ${text}`)
  return each
}

async function load(each: Served): Promise<number> {
  let left = turns.http
  const work = async (): Promise<void> => {
    while (left-- > 0) await request(each, '')
  }
  await Promise.all(Array.from({ length: connections }, work))
  return turns.http
}

async function loop(each: Served): Promise<number> {
  await request(each, `?loop=${turns.loop}`)
  return turns.loop
}

function request({ worker, agent }: Served, query: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(`${worker.url}/products/42${query}`, { agent }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve(text))
      response.on('error', reject)
    }).on('error', reject)
  })
}

function spread(base: readonly number[], values: readonly number[]): string {
  const differences = values.map((value, round) => value - base[round]!).toSorted((a, b) => a - b)
  const at = (part: number): string => time(differences[Math.floor(differences.length * part)]!)
  return `${at(0.25)} to ${at(0.75)}`
}
