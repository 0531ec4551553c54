import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import { bundleFunction, startFunction, type FunctionProcess } from '../../tools/runtimes/lambda-function.ts'
import { serveRuntimeApi, type RuntimeApi } from '../../tools/runtimes/lambda-runtime-api.ts'
import { findLambdaTools } from '../../tools/packages/lambda-tools.ts'
import { shuffle, toRows } from '../measure.ts'
import { cpuOf, startProcess } from '../process-cpu.ts'
import { printTable, writeResult } from '../report.ts'
import { sections, type Section } from './cases.ts'

const quick = process.argv.includes('--quick')
const rounds = quick ? 5 : 15
const perTurn = 50
// Small turns: what else the machine does changes slowly in comparison, so all have their share of it.
const turns = quick ? 2 : 6

const tools = findLambdaTools()
if (tools === undefined) {
  console.error('Lambda’s runtime client is not installed: npm run setup:lambda')
  process.exit(1)
}

interface Running {
  readonly name: string
  readonly pid: number
  readonly api: RuntimeApi
  readonly child: FunctionProcess
}

for (const [name, section] of Object.entries(sections)) {
  const running: Running[] = []
  try {
    for (const [peer, file] of Object.entries(section.functions)) running.push(await start(peer, file, section))
    await compareFunctions(name, section, running)
  } finally {
    for (const { api, child } of running) {
      await child[Symbol.asyncDispose]()
      await api[Symbol.asyncDispose]()
    }
  }
}

async function compareFunctions(name: string, { title, event }: Section, running: readonly Running[]): Promise<void> {
  const cpu = new Map<string, number[]>(running.map((peer) => [peer.name, []]))
  const wall = new Map<string, number[]>(running.map((peer) => [peer.name, []]))
  // The first rounds only warm up: V8 compiles for thousands of invocations, and its threads count.
  for (let round = quick ? -3 : -12; round < rounds; round++) {
    const sums = new Map(running.map((peer) => [peer, { cpu: 0, wall: 0 }]))
    for (let turn = 0; turn < turns; turn++) {
      for (const peer of shuffle(running)) {
        const used = await invoke(peer, event)
        sums.get(peer)!.cpu += used.cpu / turns
        sums.get(peer)!.wall += used.wall / turns
      }
    }
    if (round < 0) continue
    for (const [peer, sum] of sums) {
      cpu.get(peer.name)!.push(sum.cpu)
      wall.get(peer.name)!.push(sum.wall)
    }
  }
  const rows = toRows(cpu)
  printTable(`${title}: CPU of the function's process, aws-lambda-ric, Node ${process.versions.node}`, rows)
  printTable(`${title}: time until the answer`, toRows(wall))
  writeResult(`lambda-${name}`, rows)
}

/** Nanoseconds per invocation. */
async function invoke({ name, pid, api, child }: Running, event: object): Promise<{ cpu: number; wall: number }> {
  const before = { cpu: cpuOf(pid), wall: performance.now() }
  const turn = async (): Promise<void> => {
    for (let i = 0; i < perTurn; i++) await api.invoke(event)
    // The process has done all it does for an invocation once it asks for the next one.
    await api.idle()
  }
  const ended = child.exited.then((code) => {
    throw new Error(`the process of ${name} ended with ${code}; ${child.output()}`)
  })
  await Promise.race([turn(), ended])
  const wall = (performance.now() - before.wall) * 1e6
  return { cpu: (cpuOf(pid) - before.cpu) / perTurn, wall: wall / perTurn }
}

async function start(name: string, file: string, { event, expected }: Section): Promise<Running> {
  const code = await bundleFunction(join(import.meta.dirname, 'functions', file))
  const api = await serveRuntimeApi()
  const { started: child, pid } = await startProcess(() => startFunction(code, { tools: tools!, address: api.address }))
  await api.idle()
  const { kind, body } = await api.invoke(event)
  const answer = JSON.parse(body.toString()) as object
  if (kind === 'error' || !isDeepStrictEqual({ ...answer, ...expected }, answer)) {
    throw new Error(`${name} answers ${body.toString()}; ${child.output()}`)
  }
  return { name, pid, api, child }
}
