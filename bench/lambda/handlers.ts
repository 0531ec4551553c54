import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleFunction } from '../../tools/runtimes/lambda-function.ts'
import { measureWhenAsked, ownCase, sampleApart } from '../apart.ts'
import { measureCpu, toRows } from '../measure.ts'
import { printTable, writeResult } from '../report.ts'
import { sections } from './cases.ts'

// The handlers alone, without the runtime client, whose own work is the most of an invocation's.
interface Handler {
  (event: unknown, context: object): Promise<unknown>
}

const own = ownCase()
if (own === undefined) await compareAll()
else await serve(own)

async function compareAll(): Promise<void> {
  const quick = process.argv.includes('--quick')
  for (const [name, { title, functions }] of Object.entries(sections)) {
    const cases = Object.keys(functions).map((peer) => `${name}/${peer}`)
    const samples = await sampleApart(cases, { generations: quick ? 2 : 3, rounds: quick ? 5 : 7 })
    const rows = toRows(
      new Map([...samples].map(([each, all]) => [each.replace(`${name}/`, ''), all.map(({ time }) => time)])),
    )
    printTable(`${title}: the handler alone, Node ${process.versions.node}`, rows)
    writeResult(`lambda-handlers-${name}`, rows)
  }
}

async function serve(name: string): Promise<void> {
  const at = name.indexOf('/')
  const { event, functions } = sections[name.slice(0, at)]!
  const handler = await load(functions[name.slice(at + 1)]!)
  const payload = JSON.stringify(event)
  const context = { awsRequestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd', getRemainingTimeInMillis: () => 30_000 }
  // Middleware changes events, so each invocation has its own, as it has on Lambda.
  const run = (): Promise<unknown> => handler(JSON.parse(payload), context)
  await measureCpu(run, 600)
  measureWhenAsked(async () => ({ time: await measureCpu(run, 80) }))
}

async function load(file: string): Promise<Handler> {
  const folder = mkdtempSync(join(tmpdir(), 'lexigram-bench-'))
  try {
    const path = join(folder, 'index.cjs')
    writeFileSync(path, await bundleFunction(join(import.meta.dirname, 'functions', file)))
    // Every function exports a handler.
    return (createRequire(path)(path) as { handler: Handler }).handler
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
