import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../../test/support/postgres.ts'
import { openDatabase, type DatabaseProvider } from '../../database.ts'
import { postgres } from './driver.ts'

const bin = findPostgres()
const tooLarge = 'LEX_ERR_SQL_018'
/** A hundred gigabytes: whoever waits for their end waits for ever. */
const endless = sql`select repeat('x', 1000), generate_series(1, 100000000)`

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let database: DatabaseProvider
  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    database = await openDatabase({ drivers: [postgres()], url: cluster.url, poolSize: 1, maxAnswerBytes: 100_000 })
  }, 60_000)
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await cluster?.stop()
  }, 60_000)

  const pid = async (session: ReturnType<DatabaseProvider['session']>): Promise<unknown> =>
    (await session.execute('select pg_backend_pid() as pid'))[0]?.['pid']

  it('drops the connection of a statement whose answer is too large', async () => {
    await using session = database.session()
    const before = await pid(session)
    await expect(session.execute(endless)).rejects.toMatchObject({ code: tooLarge, outcome: 'undone' })
    expect(await pid(session)).not.toBe(before)
    const active = "select count(*)::int as n from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()"
    const others = async (): Promise<unknown> => (await session.execute(active))[0]?.['n']
    await expect.poll(others).toBe(0)
  })

  it('goes on with a transaction whose nested one had it, on the same connection', async () => {
    await using session = database.session()
    await session.transaction(async (tx) => {
      const before = await pid(tx)
      const nested = tx.transaction((part) => part.execute(endless))
      await expect(nested).rejects.toMatchObject({ code: tooLarge, outcome: 'undone' })
      expect(await pid(tx)).toBe(before)
    })
  })
})
