import { spawnSync } from 'node:child_process'
import { setImmediate } from 'node:timers/promises'
import { measureWhenAsked, ownCase, sampleApart } from '../apart.ts'
import { measureCpu, median, toRows } from '../measure.ts'
import { printTable, writeResult } from '../report.ts'
import { cases, requestOf } from './cases.ts'

const quick = process.argv.includes('--quick')
const memoryFlag = process.argv.indexOf('--memory')
const own = ownCase()
if (memoryFlag >= 0) {
  console.log(await allocated(process.argv[memoryFlag + 1]!))
  process.exit(0)
} else if (own === undefined) await compareAll()
else await serve(own)

async function compareAll(): Promise<void> {
  const samples = await sampleApart(cases, { generations: quick ? 2 : 3, rounds: quick ? 5 : 7 })
  const rows = toRows(new Map([...samples].map(([name, all]) => [name, all.map(({ time }) => time)])))
  printTable(`A request over Hono with two operations on documents, Node ${process.versions.node}`, rows)
  writeResult('tracing-requests', rows)
  const memory = cases.map((name) => ({ name, allocated: allocatedApart(name) }))
  console.log('\n| | bytes allocated per request |\n|---|--:|')
  for (const { name, allocated } of memory) console.log(`| ${name} | ${allocated} |`)
  writeResult('tracing-memory', memory)
  process.exit(0)
}

async function serve(name: string): Promise<void> {
  const run = await requestOf(name)
  await measureCpu(run, 600)
  measureWhenAsked(async () => ({ time: await measureCpu(run, 80) }))
}

/** In a separate process: a heap is shared by all that lives in it. */
function allocatedApart(name: string): number {
  const flags = ['--expose-gc', '--no-warnings', import.meta.filename, '--memory', name]
  const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
  if (stdout === '') throw new Error(`${name}: ${stderr}`)
  return Number(stdout)
}

/** Few enough requests that no collection runs within a sample. */
async function allocated(name: string): Promise<number> {
  const run = await requestOf(name)
  for (let i = 0; i < 20_000; i++) {
    await run()
    if (i % 200 === 0) await setImmediate()
  }
  const samples: number[] = []
  for (let round = 0; round < 25; round++) {
    globalThis.gc!()
    await setImmediate()
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 100; i++) await run()
    samples.push((process.memoryUsage().heapUsed - before) / 100)
  }
  return Math.round(median(samples))
}
