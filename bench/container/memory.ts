import { spawnSync } from 'node:child_process'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { median } from '../measure.ts'
import { writeResult } from '../report.ts'
import type { Memory } from './memory-row.ts'
import { loadPeer, peers, type App } from './peers.ts'

const [peer] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const quick = process.argv.includes('--quick')
if (peer === undefined) measureAll()
else {
  console.log(JSON.stringify(await measureOne(peer)))
  process.exit(0)
}

/** One process for each peer: a heap is shared by all that lives in it. */
function measureAll(): void {
  const rows: Memory[] = []
  console.log(
    '\n### Memory, bytes per request\n\n| | allocated | heap slope | heap slope, scopes forgotten |\n|---|--:|--:|--:|',
  )
  for (const file of peers) {
    const flags = ['--expose-gc', '--no-warnings', import.meta.filename, file, ...(quick ? ['--quick'] : [])]
    const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
    if (stdout === '') throw new Error(`${file}: ${stderr}`)
    const row = JSON.parse(stdout) as Memory
    rows.push(row)
    console.log(`| ${row.name} | ${row.allocated} | ${row.slope} | ${row.forgotten ?? ''} |`)
  }
  writeResult('container-memory-node', rows)
}

async function measureOne(file: string): Promise<Memory> {
  const peer = await loadPeer(file)
  const app = await peer.createSync()
  return {
    name: peer.name,
    allocated: await allocated(app),
    slope: await slope(() => app.run()),
    forgotten: app.open === undefined ? undefined : await slope(() => app.open!()),
  }
}

/** Few enough requests that no collection runs within a sample. */
async function allocated(app: App): Promise<number> {
  for (let i = 0; i < 20_000; i++) {
    await app.run()
    if (i % 200 === 0) await setImmediate()
  }
  const samples: number[] = []
  for (let round = 0; round < 25; round++) {
    globalThis.gc!()
    await setImmediate()
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 300; i++) {
      const pending = app.run()
      if (pending instanceof Promise) await pending
    }
    samples.push((process.memoryUsage().heapUsed - before) / 300)
  }
  return Math.round(median(samples))
}

/** Growth per request over four blocks after a first one that fills caches; the median forgives a late collection. */
async function slope(run: () => unknown): Promise<number> {
  const block = quick ? 5000 : 25_000
  const heap: number[] = []
  for (let round = 0; round < 6; round++) {
    for (let i = 0; i < block; i++) {
      const pending = run()
      if (pending instanceof Promise) await pending
      if (i % 50 === 0) await setImmediate()
    }
    for (let i = 0; i < 5; i++) {
      globalThis.gc!()
      await setTimeout(10)
    }
    heap.push(process.memoryUsage().heapUsed)
  }
  const growth = heap.slice(2).map((used, i) => (used - heap[i + 1]!) / block)
  return Number(median(growth).toFixed(1))
}
