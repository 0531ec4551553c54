import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type DatabaseProvider } from '../../src/sql/database.ts'
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts'
import { runCampaign } from '../support/fault-campaign.ts'
import { faultLanes, inWorkerd, onNode } from './lanes.ts'
import { operations } from './operations.ts'

const limitMs = 15_000
const start = 60_000

/** With `LEXIGRAM_CAMPAIGN=10000` as many operations as one likes, for a longer look. */
const size = Number(process.env['LEXIGRAM_CAMPAIGN'] ?? 300)
const seed = Number(process.env['LEXIGRAM_SEED'] ?? 20_261_128)

describe.each(faultLanes)('what callers receive while the network fails, $name', (lane) => {
  let url: string
  let direct: DatabaseProvider
  let proxy: FaultProxy

  beforeAll(async () => {
    if (lane.missing !== undefined) return
    url = await lane.start()
    // A connection for each session: one that waits in a pool would be among those that are left.
    direct = await openDatabase({ drivers: [lane.driver], url, socketsOutliveRequests: false })
    proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: Number(new URL(url).port) } })
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
    await lane.settled()
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
  ])('is so, %s', { timeout: start + (size / 300) * start }, async (_where, open) => {
    const { port } = new URL(url)
    const { run, stop } = await open(lane, url.replace(`:${port}/`, `:${proxy.port}/`))
    try {
      const report = await runCampaign({
        proxy,
        operations,
        run,
        count,
        size,
        concurrency: lane.pace.concurrency,
        seed,
        limitMs,
      })
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
