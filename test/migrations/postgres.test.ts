import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { openDatabase, type DatabaseProvider } from '../../src/sql/database.ts'
import { postgres } from '../../src/sql/drivers/postgres/driver.ts'
import type { SqlMigration } from '../../src/sql/migration/migration.ts'
import { createMigrator } from '../../src/sql/migration/migrator.ts'
import { describeWithServer } from '../support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../support/postgres.ts'
import type { Stop } from './sql-runner.ts'

const bin = findPostgres()
const start = 60_000

const first = { name: '0001_products', sql: 'create table products (id int); insert into products values (1)' }
const second = { name: '0002_more', sql: 'insert into products values (2); update products set id = id + 10' }
const index = { name: '0002_index', transaction: false, sql: 'create index concurrently by_id on products (id)' }
const unlessThere = { ...index, sql: 'create index concurrently if not exists by_id on products (id)' }
const unfinished = /0002_index must be finished first: it was begun, and 0 of its 1 statements are known to be done/

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let database: DatabaseProvider
  /** Holds what a runner waits for. */
  let holder: Client
  /** Looks on: a transaction sees what others do as it was at its first look. */
  let watcher: Client
  let runner: ChildProcess | undefined
  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    database = await openDatabase({ drivers: [postgres()], url: cluster.superuserUrl })
  }, start)
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await cluster?.stop()
  }, start)
  beforeEach(async () => {
    holder = new Client({ connectionString: cluster.superuserUrl })
    watcher = new Client({ connectionString: cluster.superuserUrl })
    await Promise.all([holder.connect(), watcher.connect()])
    await holder.query('drop table if exists products, lexigram_migrations')
  })
  afterEach(async () => {
    runner?.kill('SIGKILL')
    await Promise.all([holder.end(), watcher.end()])
  })

  const migrator = (...migrations: SqlMigration[]) => createMigrator({ database, migrations })
  const states = async (...migrations: SqlMigration[]) =>
    (await migrator(...migrations).status()).map(({ name, state }) => `${name} ${state}`)
  const ids = async () =>
    (await holder.query<{ id: number }>('select id from products order by id')).rows.map(({ id }) => id)
  const begin = (migrations: readonly SqlMigration[], stop: Stop = 'never'): ChildProcess =>
    (runner = fork(
      join(import.meta.dirname, 'sql-runner.ts'),
      [cluster.superuserUrl, JSON.stringify(migrations), stop],
      {
        execArgv: ['--no-warnings'],
      },
    ))
  const kill = async (): Promise<void> => {
    const exited = once(runner!, 'exit')
    runner!.kill('SIGKILL')
    await exited
  }
  const others = `from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'
    and query not like '%pg_stat_activity%'`
  /** Waits until the runner's statement waits in the server. */
  const waiting = async (statement: string): Promise<void> => {
    const count = `select count(*)::int as n ${others} and wait_event_type = 'Lock' and query like $1`
    await expect.poll(async () => (await watcher.query<{ n: number }>(count, [statement])).rows[0]?.n).toBe(1)
  }
  /** Waits until the server has noticed that the runner is gone. */
  const gone = async (): Promise<void> => {
    const count = `select count(*)::int as n ${others} and state <> 'idle'`
    await expect.poll(async () => (await watcher.query<{ n: number }>(count)).rows[0]?.n).toBe(0)
  }

  it('a runner that is killed while it waits for its turn has applied nothing', async () => {
    await migrator(first).apply()
    await holder.query('begin')
    await holder.query('select pg_advisory_xact_lock(7310026)')
    begin([first, second])
    await waiting('%pg_advisory_xact_lock%')
    await kill()
    await holder.query('commit')
    await gone()
    expect(await states(first, second)).toEqual(['0001_products applied', '0002_more pending'])
    expect(await migrator(first, second).apply()).toEqual(['0002_more'])
    expect(await ids()).toEqual([11, 12])
  })

  it('a runner that is killed within a script has applied nothing of it', async () => {
    await migrator(first).apply()
    await holder.query('begin')
    await holder.query('select from products where id = 1 for update')
    begin([first, second])
    await waiting('update products%')
    await kill()
    await holder.query('commit')
    await gone()
    expect(await ids()).toEqual([1])
    expect(await states(first, second)).toEqual(['0001_products applied', '0002_more pending'])
    expect(await migrator(first, second).apply()).toEqual(['0002_more'])
    expect(await ids()).toEqual([11, 12])
  })

  it('a runner that is killed before the commit leaves neither the script nor its record', async () => {
    await migrator(first).apply()
    await once(begin([first, second], 'before the commit'), 'message')
    await kill()
    await gone()
    expect(await ids()).toEqual([1])
    expect(await states(first, second)).toEqual(['0001_products applied', '0002_more pending'])
    expect(await migrator(first, second).apply()).toEqual(['0002_more'])
    expect(await ids()).toEqual([11, 12])
  })

  it('a statement whose runner is killed before its record is not said to be done', async () => {
    const outside = { name: '0002_index', transaction: false, sql: 'update products set id = id + 10' }
    await migrator(first).apply()
    await once(begin([first, outside], 'before the record'), 'message')
    await kill()
    expect(await ids()).toEqual([11])
    expect(await states(first, outside)).toEqual(['0001_products applied', '0002_index unfinished'])
    await expect(migrator(first, outside).apply()).rejects.toThrow(unfinished)
    expect(await migrator(first, outside).baseline('0002_index')).toEqual(['0002_index'])
    expect(await migrator(first, outside).apply()).toEqual([])
    expect(await ids()).toEqual([11])
  })

  /** Kills a runner whose index waits for another transaction to end. */
  const killWhileBuilding = async (migration: SqlMigration): Promise<void> => {
    await migrator(first).apply()
    await holder.query('begin')
    await holder.query('insert into products values (3)')
    begin([first, migration])
    await waiting('create index concurrently%')
    await kill()
  }
  const stopServer = `select pg_terminate_backend(pid) ${others} and query like 'create index%'`

  it.each([index, unlessThere])(
    'an index whose builder is killed with its server process is found: $sql',
    async (migration) => {
      await killWhileBuilding(migration)
      await watcher.query(stopServer)
      await holder.query('commit')
      await gone()
      expect(await states(first, migration)).toEqual(['0001_products applied', '0002_index unfinished'])
      await expect(migrator(first, migration).apply()).rejects.toThrow(unfinished)
      await expect(migrator(first, migration).apply({ resume: '0002_index' })).rejects.toMatchObject({
        message: expect.stringContaining('the index must be valid: an interrupted runner has left it behind') as string,
        hint: 'Drop it with drop index concurrently by_id, then go on with resume.',
      })
      await holder.query('drop index concurrently by_id')
      expect(await migrator(first, migration).apply({ resume: '0002_index' })).toEqual(['0002_index'])
      const valid = `select indisvalid from pg_index where indexrelid = 'by_id'::regclass`
      expect((await holder.query(valid)).rows).toEqual([{ indisvalid: true }])
    },
  )

  it('an index without a name is not built twice when its builder was killed', async () => {
    const unnamed = { ...index, sql: 'create index concurrently on products (id)' }
    await killWhileBuilding(unnamed)
    await watcher.query(stopServer)
    await holder.query('commit')
    await gone()
    await expect(migrator(first, unnamed).apply({ resume: '0002_index' })).rejects.toMatchObject({
      hint: 'Drop it with drop index concurrently products_id_idx, then go on with resume.',
    })
  })

  it('an index that the server ends after its runner was killed is taken for done where the statement allows it', async () => {
    await killWhileBuilding(unlessThere)
    await holder.query('commit')
    await gone()
    expect(await states(first, unlessThere)).toEqual(['0001_products applied', '0002_index unfinished'])
    expect(await migrator(first, unlessThere).apply({ resume: '0002_index' })).toEqual(['0002_index'])
  })
})
