import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../../test/support/postgres.ts'
import { startTransactionPooler, type TransactionPooler } from '../../../../test/support/transaction-pooler.ts'
import { sqlConformance } from '../../../testing/sql/sql-conformance.ts'
import { openDatabase, type DatabaseProvider } from '../../database.ts'
import { postgres } from './driver.ts'

const bin = findPostgres()

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let pooler: TransactionPooler
  let first: DatabaseProvider
  let second: DatabaseProvider
  const at = (port: number): string => cluster.url.replace(`:${cluster.port}/`, `:${port}/`)
  const open = () =>
    openDatabase({ drivers: [postgres()], url: at(pooler.port), poolSize: 1, statementTimeoutMs: 5_000 })
  beforeAll(async () => {
    cluster = await startPostgres(bin!)
  }, 60_000)
  afterAll(() => cluster?.stop(), 60_000)

  describe('two applications that share one connection in transaction mode', () => {
    beforeEach(async () => {
      pooler = await startTransactionPooler(cluster.url)
      ;[first, second] = await Promise.all([open(), open()])
      await using session = first.session()
      await session.batch([
        sql`drop table if exists ledger`,
        sql`create table ledger (owner text not null, n int not null)`,
      ])
    })
    afterEach(async () => {
      expect(pooler.names).toEqual([])
      await Promise.all([first, second].map((database) => database[Symbol.asyncDispose]()))
      await pooler[Symbol.asyncDispose]()
    })

    it('each find their own settings, whatever runs in between', async () => {
      const ask = async (database: DatabaseProvider, tenant: string): Promise<void> => {
        await using session = database.session()
        const scoped = session.withSettings({ 'app.tenant': tenant })
        for (let i = 0; i < 25; i++) {
          const [row] = await scoped.execute<{ tenant: string }>(`select current_setting('app.tenant') as tenant`)
          expect(row).toEqual({ tenant })
          await scoped.transaction(async (tx) => {
            await tx.execute(`select set_config('app.tenant', $1, true)`, [`${tenant} ${i}`])
            expect(await tx.execute(`select current_setting('app.tenant') as tenant`)).toEqual([
              { tenant: `${tenant} ${i}` },
            ])
          })
        }
      }
      await Promise.all([ask(first, 'a'), ask(second, 'b')])
      await using session = first.session()
      expect(await session.execute(`select coalesce(current_setting('app.tenant', true), '') as tenant`)).toEqual([
        { tenant: '' },
      ])
      expect(pooler.passed).toBeGreaterThan(10)
    })

    it('lose nothing and write nothing twice', async () => {
      const write = async (database: DatabaseProvider, owner: string): Promise<void> => {
        await using session = database.session()
        for (let n = 0; n < 40; n += 4) {
          await session.execute('insert into ledger values ($1, $2)', [owner, n])
          await session.batch([sql`insert into ledger values (${owner}, ${n + 1})`, sql`select 1`])
          await session.atomic((unit) =>
            unit.add(sql`insert into ledger values (${owner}, ${n + 2})`, { expectRows: 1 }),
          )
          await session.transaction(async (tx) => {
            await tx.execute('insert into ledger values ($1, $2)', [owner, n + 3])
            await tx
              .transaction((nested) => nested.execute('insert into ledger values ($1, null)', [owner]))
              .catch(() => {})
          })
          await session
            .transaction(async (tx) => {
              await tx.execute('insert into ledger values ($1, -1)', [owner])
              throw new Error('left')
            })
            .catch(() => undefined)
        }
      }
      await Promise.all([write(first, 'a'), write(second, 'b')])
      await using session = first.session()
      const rows = `select owner, count(*)::int as n, count(distinct n)::int as different, min(n) as least from ledger group by 1 order by 1`
      expect(await session.execute(rows)).toEqual(
        ['a', 'b'].map((owner) => ({ owner, n: 40, different: 40, least: 0 })),
      )
      expect(pooler.passed).toBeGreaterThan(10)
    })

    it('leave nothing that the other would find', async () => {
      const pooled = await openDatabase({ drivers: [postgres()], url: `${at(pooler.port)}?pgbouncer=true` })
      await using session = pooled.session()
      const refused = { code: 'LEX_ERR_USE_001', message: expect.stringContaining('behind a pooler') as string }
      const left = [
        `set app.tenant = 'a'`,
        `select set_config('app.tenant', 'a', false)`,
        'select pg_advisory_lock(1)',
        'create temp table left_over (n int)',
        'prepare left_over as select 1',
        'declare left_over cursor with hold for select 1',
      ]
      for (const statement of left) {
        await expect(session.execute(statement)).rejects.toMatchObject(refused)
        await expect(session.batch([sql.raw(statement)])).rejects.toMatchObject(refused)
        await expect(session.transaction((tx) => tx.execute(statement))).rejects.toMatchObject(refused)
        const nested = session.transaction(async (tx) => {
          await tx.transaction((inner) => inner.execute(statement)).catch(() => undefined)
          await tx.execute('insert into ledger values ($1, 1)', ['nested'])
          throw new Error('left')
        })
        await expect(nested).rejects.toThrow('left')
      }
      await session.transaction(async (tx) => {
        await tx.execute(`set local app.tenant = 'a'`)
        await tx.execute('select pg_advisory_xact_lock(1)')
        await tx.execute('create temp table kept (n int) on commit drop')
        await tx.execute('declare kept_cursor cursor for select 1')
        await tx.execute('do $$ begin end $$')
      })
      expect(await session.execute('select count(*)::int as n from ledger')).toEqual([{ n: 0 }])
      await session[Symbol.asyncDispose]()
      await pooled[Symbol.asyncDispose]()
    })

    it('cancel their own statements only', async () => {
      const stop = new AbortController()
      await using session = first.session({ signal: stop.signal })
      const slow = session.execute('select pg_sleep(10)')
      setTimeout(() => stop.abort(new Error('left')), 100)
      await expect(slow).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
      await using other = second.session()
      for (let i = 0; i < 20; i++) await other.execute('insert into ledger values ($1, $2)', ['b', i])
      expect(await other.execute('select count(*)::int as n from ledger')).toEqual([{ n: 20 }])
    })

    it('fail when one disconnects within a transaction, which is rolled back', async () => {
      const stop = new AbortController()
      await using session = first.session({ signal: stop.signal })
      const left = session.transaction(async (tx) => {
        await tx.execute('insert into ledger values ($1, 1)', ['a'])
        stop.abort(new Error('left'))
        await tx.execute('select 1')
      })
      await expect(left).rejects.toMatchObject({ code: 'LEX_ERR_INFRA_002' })
      await using other = second.session()
      expect(await other.execute('select count(*)::int as n from ledger')).toEqual([{ n: 0 }])
    })
  })

  describe('the conformance suite in transaction mode', () => {
    beforeAll(async () => {
      pooler = await startTransactionPooler(cluster.url, 4)
    })
    afterAll(() => pooler?.[Symbol.asyncDispose]())
    const cases = sqlConformance().filter(({ name }) =>
      /transaction|batch|unit of work|settings|abort|cancel/.test(name),
    )
    it.each(cases)('$name', ({ run }) =>
      run({ open: (options) => openDatabase({ ...options, drivers: [postgres()], url: at(pooler.port) }) }),
    )
  })
})
