import { sql } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../src/cli/neon-local/serve.ts'
import { openDatabase, type DatabaseProvider } from '../../src/sql/database.ts'
import { neon } from '../../src/sql/drivers/neon/index.ts'
import { postgres } from '../../src/sql/drivers/postgres/index.ts'
import { createMigrator } from '../../src/sql/migration/migrator.ts'
import { describeWithServer } from '../support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster, type PostgresReplica } from '../support/postgres.ts'

const bin = findPostgres()
const notes = pgTable('notes', { id: integer().primaryKey(), tenant: text().notNull() })
const inRecovery = sql`select pg_is_in_recovery() as replica`

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let replica: PostgresReplica
  let observer: pg.Client
  const endpoints: NeonEndpoint[] = []

  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    replica = await cluster.follow()
    observer = new pg.Client(replica.superuserUrl)
    observer.on('error', () => undefined)
    await observer.connect()
    for (const { url } of [cluster, replica]) endpoints.push(await serveNeon({ postgresUrl: url }))
  }, 120_000)
  afterAll(async () => {
    await observer?.end().catch(() => undefined)
    for (const endpoint of endpoints) await endpoint.close()
    await cluster?.stop()
  }, 60_000)

  /** Until the replica has replayed what was written until now. */
  const caughtUp = async (session: { execute(text: string): Promise<readonly Record<string, unknown>[]> }) => {
    const [row] = await session.execute('select pg_current_wal_lsn()::text as lsn')
    const reached = async (): Promise<unknown> => {
      const { rows } = await observer.query<{ reached: boolean }>(
        'select pg_last_wal_replay_lsn() >= $1::pg_lsn as reached',
        [row?.['lsn']],
      )
      return rows[0]?.reached
    }
    await expect.poll(reached, { timeout: 20_000 }).toBe(true)
  }

  const lanes = {
    postgres: () => ({ drivers: [postgres()], url: cluster.url, replicas: [replica.url] }),
    neon: () => ({ drivers: [neon()], url: endpoints[0]!.url, replicas: [endpoints[1]!.url] }),
  }
  describe.each(['postgres', 'neon'] as const)('a streaming replica, with %s', (lane) => {
    let database: DatabaseProvider
    const warnings: string[] = []
    beforeAll(async () => {
      const onWarning = ({ message }: Error) => void warnings.push(message)
      database = await openDatabase({ ...lanes[lane](), name: 'shop', onWarning, poolTimeoutMs: 5_000 })
    })
    afterAll(() => database?.[Symbol.asyncDispose]())
    beforeEach(async () => {
      await using session = database.session()
      await session.batch([
        sql`drop table if exists notes`,
        sql`create table notes (id int primary key, tenant text not null)`,
        sql`alter table notes enable row level security, force row level security`,
        sql`create policy tenants on notes using (tenant = current_setting('app.tenant', true)) with check (true)`,
        sql`insert into notes values (1, 'acme'), (2, 'other')`,
      ])
      await caughtUp(session)
    })

    it('serves what only reads, under the policies of its settings', async () => {
      await using writing = database.session()
      await using reading = database.session({ readOnly: true })
      expect([...(await writing.execute(inRecovery))]).toEqual([{ replica: false }])
      expect([...(await reading.execute(inRecovery))]).toEqual([{ replica: true }])
      const acme = reading.withSettings({ 'app.tenant': 'acme' })
      expect(await acme.db.select().from(notes)).toEqual([{ id: 1, tenant: 'acme' }])
      const other = reading.withSettings({ 'app.tenant': 'other' })
      const seen = await other.transaction((tx) => tx.db.select().from(notes), { isolation: 'repeatable read' })
      expect(seen).toEqual([{ id: 2, tenant: 'other' }])
      expect(await reading.db.select().from(notes)).toEqual([])
      expect(reading.stats.databases).toEqual({ 'shop.replicas.0': reading.stats.statements })
      expect(warnings).toEqual([])
    })

    it('refuses writes, whichever way they are sent', async () => {
      await using session = database.session({ readOnly: true })
      const insert = session.db.insert(notes).values({ id: 3, tenant: 'acme' })
      const refused = { code: 'LEX_ERR_SQL_005', details: { sqlState: '25006' } }
      await expect(insert).rejects.toMatchObject(refused)
      await expect(session.batch([insert, insert])).rejects.toMatchObject(refused)
      await expect(session.atomic((unit) => unit.add(insert))).rejects.toMatchObject(refused)
      await expect(session.transaction((tx) => tx.execute(insert))).rejects.toMatchObject(refused)
    })

    it('is behind the database, which a session that writes reads', async () => {
      await observer.query('select pg_wal_replay_pause()')
      try {
        await using writing = database.session()
        await writing.execute(sql`insert into notes values (7, 'late')`)
        const count = (session: typeof writing) =>
          session.withSettings({ 'app.tenant': 'late' }).transaction((tx) => tx.db.$count(notes), { readOnly: true })
        await using reading = database.session({ readOnly: true })
        expect([await count(writing), await count(reading)]).toEqual([1, 0])
      } finally {
        await observer.query('select pg_wal_replay_resume()')
      }
    })

    it('leaves what has to be serializable to the database', async () => {
      await using session = database.session({ readOnly: true })
      const rows = await session.transaction((tx) => tx.execute(inRecovery), { isolation: 'serializable' })
      expect([...rows]).toEqual([{ replica: false }])
      await expect(session.db.insert(notes).values({ id: 9, tenant: 'x' })).rejects.toMatchObject({
        code: 'LEX_ERR_SQL_005',
      })
    })

    it('is migrated by way of the database', async () => {
      await using session = database.session()
      await session.batch([sql`drop table if exists migrated`, sql`drop table if exists replica_migrations`])
      const migrations = [{ name: '0001', sql: 'create table migrated (id int)' }]
      await createMigrator({ database, migrations, table: 'replica_migrations' }).apply()
      await caughtUp(session)
      await using reading = database.session({ readOnly: true })
      expect([...(await reading.execute('select * from migrated'))]).toEqual([])
    })
  })

  it('reads come back to a replica that was stopped', async () => {
    let now = 0
    const warnings: string[] = []
    await using database = await openDatabase({
      ...lanes.postgres(),
      now: () => now,
      onWarning: ({ message }) => warnings.push(message),
    })
    const answeredBy = async (): Promise<string[]> => {
      await using session = database.session({ readOnly: true })
      await session.execute('select 1')
      await session.transaction((tx) => tx.execute('select 2'))
      return Object.keys(session.stats.databases)
    }
    expect(await answeredBy()).toEqual(['default.replicas.0'])
    await replica.stop()
    const during = await Promise.all(Array.from({ length: 20 }, answeredBy))
    expect(new Set(during.flat())).toEqual(new Set(['default']))
    expect((await database.health())['default.replicas.0']).toMatchObject({ status: 'unhealthy' })
    expect((await database.health())['default']).toMatchObject({ status: 'healthy' })
    expect(new Set(warnings)).toEqual(
      new Set(['the replica default.replicas.0 cannot be reached: others are asked in its place']),
    )
    await replica.start()
    now += 60_000
    expect(await answeredBy()).toEqual(['default.replicas.0'])
    expect((await database.health())['default.replicas.0']).toMatchObject({ status: 'healthy' })
  })
})
