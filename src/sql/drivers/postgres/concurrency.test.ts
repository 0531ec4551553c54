import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../../test/support/postgres.ts'
import { openDatabase, type DatabaseProvider } from '../../database.ts'
import { postgres } from './driver.ts'

const bin = findPostgres()

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let database: DatabaseProvider
  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    database = await openDatabase({ drivers: [postgres()], url: cluster.url })
  }, 60_000)
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await cluster?.stop()
  }, 60_000)
  beforeEach(async () => {
    await using session = database.session()
    await session.batch([
      sql`drop table if exists counters`,
      sql`create table counters (id int primary key, n int not null)`,
      sql`insert into counters select i, 0 from generate_series(1, 2) i`,
    ])
  })

  it('serializable increments of one row by many all count, where they are run again', async () => {
    const increment = async (): Promise<void> => {
      await using session = database.session()
      await session.transaction(
        async (tx) => {
          const [row] = await tx.execute<{ n: number }>('select n from counters where id = 1')
          await tx.execute('update counters set n = $1 where id = 1', [row!.n + 1])
        },
        { isolation: 'serializable', retry: 20 },
      )
    }
    await Promise.all(Array.from({ length: 8 }, increment))
    await using session = database.session()
    expect(await session.execute('select n from counters where id = 1')).toEqual([{ n: 8 }])
  })

  it('two that lock two rows in opposite order both end', async () => {
    const locked = new Set<number>()
    const add = async (first: number, second: number): Promise<void> => {
      await using session = database.session()
      await session.transaction(
        async (tx) => {
          await tx.execute('update counters set n = n + 1 where id = $1', [first])
          locked.add(first)
          await expect.poll(() => locked.size).toBe(2)
          await tx.execute('update counters set n = n + 1 where id = $1', [second])
        },
        { retry: 3 },
      )
    }
    await Promise.all([add(1, 2), add(2, 1)])
    await using session = database.session()
    expect(await session.execute('select sum(n)::int as n from counters')).toEqual([{ n: 4 }])
  })

  it('a pause between two runs ends with its caller', async () => {
    const stop = new AbortController()
    await using session = database.session({ signal: stop.signal })
    const fail = "do $$ begin raise exception using errcode = '40001'; end $$"
    const work = session.transaction((tx) => tx.execute(fail), { retry: 20 })
    setTimeout(() => stop.abort(new Error('left')), 100)
    await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
  })
})
