import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import { bundleFunction, startFunction, type FunctionProcess } from '../../tools/lambda-function.ts'
import { serveRuntimeApi, type RuntimeApi } from '../../tools/lambda-runtime-api.ts'
import { findLambdaTools } from '../../tools/lambda-tools.ts'
import { shuffle, toRows } from '../measure.ts'
import { cpuOf, startProcess } from '../process-cpu.ts'
import { printTable, writeResult } from '../report.ts'
import { sections, type Section } from './cases.ts'

const quick = process.argv.includes('--quick')
const rounds = quick ? 5 : 15
const perRound = quick ? 100 : 300

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
  // The first rounds only warm up.
  for (let round = -3; round < rounds; round++) {
    for (const { name: peer, pid, api } of shuffle(running)) {
      const before = { cpu: cpuOf(pid), wall: performance.now() }
      for (let i = 0; i < perRound; i++) await api.invoke(event)
      // The process has done all it does for an invocation once it asks for the next one.
      await api.idle()
      if (round < 0) continue
      cpu.get(peer)!.push((cpuOf(pid) - before.cpu) / perRound)
      wall.get(peer)!.push(((performance.now() - before.wall) * 1e6) / perRound)
    }
  }
  const rows = toRows(cpu)
  printTable(`${title}: CPU of the function's process, aws-lambda-ric, Node ${process.versions.node}`, rows)
  printTable(`${title}: time until the answer`, toRows(wall))
  writeResult(`lambda-${name}`, rows)
}

async function start(name: string, file: string, { event, expected }: Section): Promise<Running> {
  const code = await bundleFunction(join(import.meta.dirname, 'functions', `${file}.ts`))
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
