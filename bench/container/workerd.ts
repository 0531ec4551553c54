import { builtinModules } from 'node:module'
import { build } from 'esbuild'
import { startWorkerd } from '../../tools/runtimes/workerd.ts'
import { shuffle, toRows } from '../measure.ts'
import { cpuOf, startProcess } from '../process-cpu.ts'
import { printTable, writeResult } from '../report.ts'
import { peers } from './peers.ts'

const quick = process.argv.includes('--quick')
const rounds = quick ? 3 : 9
const sections = ['sync', 'async1', 'async4', 'singleton'] as const

/** Runs a section n times within one request; the whole of it is one isolate's work. */
const worker = (peer: string) => `
import * as peer from './peers/${peer}.js'
const apps = {}
const create = {
  sync: () => peer.createSync(),
  singleton: () => peer.createSync(),
  async1: () => peer.createAsync?.(false),
  async4: () => peer.createAsync?.(true),
}
export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    const section = pathname.slice(1)
    const app = (apps[section] ??= await create[section]())
    if (app === undefined) return new Response('none', { status: 404 })
    const n = Number(searchParams.get('n'))
    const run = section === 'singleton' ? () => app.single() : () => app.run()
    for (let i = 0; i < n; i++) {
      const pending = run()
      if (pending instanceof Promise) await pending
    }
    return new Response('done')
  },
}`

interface Running {
  readonly peer: string
  readonly pid: number
  readonly fetch: (section: string, n: number) => Promise<number>
  readonly dispose: () => Promise<void>
}

const optional = [
  '@nestjs/microservices',
  '@nestjs/websockets',
  '@nestjs/platform-express',
  'class-validator',
  'class-transformer',
]
const running: Running[] = []
try {
  for (const peer of peers) {
    try {
      running.push(await start(peer))
    } catch (error) {
      console.log(`${peer} does not run in workerd: ${String(error).split('\n')[0]}`)
    }
  }
  for (const section of sections) await runSection(section)
} finally {
  for (const { dispose } of running) await dispose()
}

async function start(peer: string): Promise<Running> {
  const bundle = await build({
    stdin: { contents: worker(peer), resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    define: { 'process.env.NODE_ENV': '"production"' },
    external: ['node:*', 'cloudflare:*', ...builtinModules, ...optional, ...optional.map((name) => `${name}/*`)],
    logLevel: 'silent',
  })
  const { started: miniflare, pid } = await startProcess(() => startWorkerd(bundle.outputFiles[0]!.text))
  return {
    peer,
    pid,
    fetch: async (section, n) => (await miniflare.dispatchFetch(`http://bench/${section}?n=${n}`)).status,
    dispose: () => miniflare.dispose(),
  }
}

async function runSection(section: string): Promise<void> {
  const taking: { readonly worker: Running; readonly n: number }[] = []
  for (const worker of running) {
    if ((await worker.fetch(section, 2000)) !== 200) continue
    const cost = await cpuOfWork(worker, section, 2000)
    // Long enough for the optimizing compiler and for the request itself not to count.
    taking.push({ worker, n: Math.max(200, Math.min(5_000_000, Math.round((250e6 / cost) * 2000))) })
  }
  const times = new Map<string, number[]>(taking.map(({ worker }) => [worker.peer, []]))
  for (let round = 0; round < rounds; round++) {
    for (const { worker, n } of shuffle(taking)) {
      times.get(worker.peer)!.push((await cpuOfWork(worker, section, n)) / n)
    }
  }
  const rows = toRows(times)
  printTable(`${section} in workerd`, rows)
  writeResult(`container-${section}-workerd`, rows)
}

async function cpuOfWork({ pid, fetch }: Running, section: string, n: number): Promise<number> {
  const before = cpuOf(pid)
  await fetch(section, n)
  return cpuOf(pid) - before
}
