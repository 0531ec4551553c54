import { join } from 'node:path'
import type { Miniflare } from 'miniflare'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { openDatabase, type DatabaseProvider } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/index.ts'
import { bundleWorker, startWorkerd } from '../../tools/runtimes/workerd.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { neonBackends, neonLane } from '../support/neon-backends.ts'
import { runCampaign } from './campaign.ts'
import { runOperation, type Outcome, type RunOptions } from './operations.ts'

/** Short, so that a hang costs little; the machine may be busy, so that not everything that takes longer hangs. */
const statementTimeoutMs = 400
const limitMs = 15_000
const start = 60_000

/** With `LEXIGRAM_CAMPAIGN=10000` as many operations as one likes, for a longer look. */
const size = Number(process.env['LEXIGRAM_CAMPAIGN'] ?? 600)
const seed = Number(process.env['LEXIGRAM_SEED'] ?? 20_261_128)

type Run = (options: RunOptions) => Promise<Outcome>

async function onNode(url: string): Promise<{ run: Run; stop: () => Promise<unknown> }> {
  const database = await openDatabase({
    drivers: [neon()],
    url,
    statementTimeoutMs,
    poolTimeoutMs: statementTimeoutMs,
    onWarning: () => {},
  })
  const stop = async (): Promise<void> => database[Symbol.asyncDispose]()
  return { run: (options) => runOperation(database, options), stop }
}

async function inWorkerd(url: string): Promise<{ run: Run; stop: () => Promise<unknown> }> {
  const script = await bundleWorker(join(import.meta.dirname, 'campaign-worker.ts'))
  const bindings = { DATABASE_URL: url, STATEMENT_TIMEOUT: statementTimeoutMs }
  const miniflare: Miniflare = await startWorkerd(script, { bindings })
  const address = await miniflare.ready
  const run: Run = async (options) => {
    const response = await fetch(address, { method: 'POST', body: JSON.stringify(options) })
    // A Worker that failed says why, and nothing of what it asked for.
    return response.ok ? ((await response.json()) as Outcome) : `unexpected ${(await response.text()).slice(0, 200)}`
  }
  return { run, stop: () => miniflare.dispose() }
}

describe.each(neonBackends)('what callers receive while the network fails, over %s', (backend) => {
  const lane = neonLane(backend)
  let endpoint: NeonEndpoint
  let direct: DatabaseProvider
  let proxy: FaultProxy

  beforeAll(async () => {
    if (lane.missing !== undefined) return
    endpoint = await lane.start()
    direct = await openDatabase({ drivers: [neon()], url: endpoint.url })
    proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: endpoint.port } })
  }, start)
  afterAll(async () => {
    await proxy?.[Symbol.asyncDispose]()
    await lane.stop()
  }, start)
  beforeEach(async (context) => {
    context.skip(lane.missing !== undefined, lane.missing)
    await using session = direct.session()
    await session.batch([sql`drop table if exists ledger`, sql`create table ledger (key text, part int)`])
  })

  /** Locks the table, which waits for every transaction that still writes to it. */
  const count = async (): Promise<Map<string, number>> => {
    await expect.poll(() => endpoint.stats.openSockets, { timeout: limitMs }).toBe(0)
    await using session = direct.session()
    const [, rows] = await session.batch([
      sql`lock table ledger in access exclusive mode`,
      sql`select key, count(*)::int as n from ledger group by key`,
    ])
    return new Map(rows.map(({ key, n }) => [String(key), Number(n)]))
  }

  it.each([
    ['on Node', onNode],
    ['in workerd', inWorkerd],
  ])('is so, %s', { timeout: start + (size / 600) * start }, async (_where, open) => {
    const { run, stop } = await open(endpoint.url.replace(`:${endpoint.port}/`, `:${proxy.port}/`))
    try {
      const report = await runCampaign({ proxy, run, count, size, seed, limitMs })
      expect(report).toMatchObject({
        acknowledgedButAbsent: [],
        doubled: [],
        partial: [],
        notDoneButPresent: [],
        hung: [],
        unexpected: [],
      })
      // Something was spoiled, and something was not.
      expect(report.outcomes).toMatchObject({
        done: expect.any(Number),
        'not done': expect.any(Number),
        unknown: expect.any(Number),
      })
    } finally {
      await stop()
    }
  })
})
