import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { faults, startFaultProxy } from '../../../../test/support/fault-proxy.ts'
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

  /** Adds a row whose number is how many there were: rivals that both read the same number cannot both be kept. */
  const addNext = async (by: string, run: (state: string) => void): Promise<void> => {
    await using session = database.session()
    await session
      .transaction(
        async (tx) => {
          const [row] = await tx.execute<{ n: number }>('select count(*)::int as n from takings')
          await tx.execute('insert into takings values ($1, $2)', [row!.n, by])
          run('run')
        },
        { isolation: 'serializable', retry: 20 },
      )
      .catch((error: { readonly code?: string }) => run(String(error.code)))
  }

  it('twenty rivals are each kept once, or said to be not kept', async () => {
    await using session = database.session()
    await session.batch([sql`drop table if exists takings`, sql`create table takings (n int, by text)`])
    const runs: string[] = []
    await Promise.all(Array.from({ length: 20 }, (_, i) => addNext(`rival ${i}`, (state) => runs.push(state))))
    const refused = runs.filter((state) => state !== 'run')
    expect(refused.filter((code) => code !== 'LEX_ERR_SQL_014')).toEqual([])
    const [row] = await session.execute(
      'select count(*)::int as rows, count(distinct n)::int as numbers, count(distinct by)::int as rivals, max(n) as last from takings',
    )
    const kept = 20 - refused.length
    expect(kept).toBeGreaterThan(1)
    expect(row).toEqual({ rows: kept, numbers: kept, rivals: kept, last: kept - 1 })
    expect(runs.length).toBeGreaterThanOrEqual(20)
    expect(runs.length).toBeLessThanOrEqual(20 * 21)
  })

  it('a transaction that the commit refuses is run again', async () => {
    await using session = database.session()
    await session.batch([
      sql`drop table if exists takings`,
      sql`create table takings (n int, by text)`,
      sql`drop sequence if exists refusals`,
      sql`create sequence refusals`,
      sql.raw(`create or replace function refuse_once() returns trigger language plpgsql as $$ begin
        if nextval('refusals') = 1 then raise exception using errcode = '40001'; end if; return null; end $$`),
      sql`create constraint trigger at_commit after insert on takings deferrable initially deferred
        for each row execute function refuse_once()`,
    ])
    let runs = 0
    await session.transaction(
      async (tx) => {
        runs++
        await tx.execute(`insert into takings values ($1, 'late')`, [runs])
      },
      { retry: 1 },
    )
    expect(runs).toBe(2)
    expect(await session.execute('select n from takings')).toEqual([{ n: 2 }])
  })

  it.each(['resetAfter', 'resetBefore'] as const)('a commit of unknown outcome is not run again: %s', async (fault) => {
    await using session = database.session()
    await session.batch([sql`drop table if exists takings`, sql`create table takings (n int, by text)`])
    await using proxy = await startFaultProxy({
      target: { host: '127.0.0.1', port: cluster.port },
      choose: ({ bytes }) =>
        new TextDecoder().decode(bytes).toLowerCase().includes('commit') ? faults[fault] : faults.none,
    })
    await using far = await openDatabase({
      drivers: [postgres()],
      url: cluster.url.replace(`:${cluster.port}/`, `:${proxy.port}/`),
    })
    let runs = 0
    await using own = far.session()
    const work = own.transaction(
      async (tx) => {
        runs++
        await tx.execute(`insert into takings values (1, 'far')`)
      },
      { retry: 20 },
    )
    await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_SQL_016' })
    expect(runs).toBe(1)
    expect(await session.execute('select count(*)::int as n from takings')).toEqual([
      { n: fault === 'resetAfter' ? 1 : 0 },
    ])
  })
})
