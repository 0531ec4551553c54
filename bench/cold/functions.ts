import { join } from 'node:path'
import { bundleFunction, startFunction } from '../../tools/runtimes/lambda-function.ts'
import { serveRuntimeApi } from '../../tools/runtimes/lambda-runtime-api.ts'
import { events } from '../lambda/events.ts'
import { shuffle } from '../measure.ts'
import { cpuOf, startProcess } from '../process-cpu.ts'

/** CPU of a function's process from its start to its first answer, Node and the runtime client included. */
export async function inFreshFunctions(
  tools: string,
  functions: Readonly<Record<string, string>>,
  { rounds, env = {} }: { readonly rounds: number; readonly env?: Readonly<Record<string, string>> },
): Promise<Map<string, number[]>> {
  const code = new Map<string, string>()
  for (const [name, file] of Object.entries(functions)) {
    code.set(name, await bundleFunction(join(import.meta.dirname, '..', 'lambda', 'functions', file)))
  }
  const times = new Map<string, number[]>([...code.keys()].map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, text] of shuffle([...code])) times.get(name)!.push(await sample(name, text, { tools, env }))
  }
  return times
}

async function sample(
  name: string,
  code: string,
  options: { readonly tools: string; readonly env: Readonly<Record<string, string>> },
): Promise<number> {
  await using api = await serveRuntimeApi()
  const { started, pid } = await startProcess(() => startFunction(code, { ...options, address: api.address }))
  await using child = started
  const { body } = await api.invoke(events.get)
  const time = cpuOf(pid)
  if (!body.toString().includes('lamp')) throw new Error(`${name}: ${body.toString()}${child.output()}`)
  return time
}
