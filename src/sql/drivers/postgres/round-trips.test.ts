import { sql } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { faults, startFaultProxy, type FaultProxy } from '../../../../test/support/fault-proxy.ts'
import { describeWithServer } from '../../../../test/support/needs-server.ts'
import { findPostgres, startPostgres, type PostgresCluster } from '../../../../test/support/postgres.ts'
import { fieldEq } from '../../../core/specification/field.ts'
import { openDatabase, type DatabaseProvider } from '../../database.ts'
import type { RepositorySession } from '../../repository/repository-types.ts'
import { SqlRepository } from '../../repository/repository.ts'
import { postgres } from './driver.ts'

const items = pgTable('items', { id: integer().primaryKey(), name: text().notNull() })

interface Item {
  readonly id: number
  readonly name: string
}
const repositoryOf = (session: RepositorySession) =>
  new SqlRepository<typeof items, Item>(items, session, { toEntity: (row) => row, toRow: (item) => item })

const bin = findPostgres()

describeWithServer('PostgreSQL', bin !== undefined, () => {
  let cluster: PostgresCluster
  let proxy: FaultProxy
  let database: DatabaseProvider
  let trips = 0
  let logged = 0

  beforeAll(async () => {
    cluster = await startPostgres(bin!)
    proxy = await startFaultProxy({ target: { host: '127.0.0.1', port: cluster.port } })
    // What a client sends up to the answer is one exchange, and costs one round trip.
    proxy.choose = () => {
      trips++
      return faults.none
    }
    const url = cluster.url.replace(`:${cluster.port}/`, `:${proxy.port}/`)
    database = await openDatabase({
      drivers: [postgres()],
      url,
      poolSize: 1,
      log: ({ roundTrips }) => (logged += roundTrips),
    })
  }, 60_000)
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await proxy?.[Symbol.asyncDispose]()
    await cluster?.stop()
  }, 60_000)
  beforeEach(async () => {
    await using session = database.session()
    await session.batch([
      sql`drop table if exists items`,
      sql`create table items (id int primary key, name text not null)`,
    ])
    trips = 0
    logged = 0
  })

  describe('round trips over TCP, once connected', () => {
    it('three new entities in a unit of work: one', async () => {
      await using session = database.session()
      await session.atomic((unit) => {
        for (const id of [1, 2, 3]) unit.add(session.db.insert(items).values({ id, name: `item ${id}` }))
      })
      expect(trips).toBe(1)
      expect(await session.db.$count(items)).toBe(3)
    })

    it('mixed writes, some of them guarded: one', async () => {
      await using session = database.session()
      await session.atomic(
        (unit) => {
          unit.add(session.db.insert(items).values({ id: 1, name: 'a' }))
          unit.add(session.db.update(items).set({ name: 'b' }), { expectRows: 1 })
          unit.add(sql`insert into items values (2, 'c')`)
          unit.add(session.db.delete(items), { expectRows: 2 })
        },
        { isolation: 'serializable' },
      )
      expect(trips).toBe(1)
    })

    it('a batch that fails: two, with the rollback', async () => {
      await using session = database.session()
      const row = sql`insert into items values (1, 'a')`
      await expect(session.batch([row, row])).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
      expect(trips).toBe(2)
    })

    it('a setting and a query: one', async () => {
      await using session = database.session()
      await session.withSettings({ 'app.tenant_id': 'acme' }).db.select().from(items)
      expect(trips).toBe(1)
    })

    it('load one, change it and save it: two', async () => {
      await using session = database.session()
      await session.execute(sql`insert into items values (1, 'a')`)
      trips = 0
      const repository = repositoryOf(session)
      const found = await repository.find(1)
      await repository.save({ ...found!, name: 'b' })
      expect(trips).toBe(2)
    })

    it('a page of twenty by a filter: one', async () => {
      await using session = database.session()
      await repositoryOf(session).page({ where: fieldEq('name', 'a'), limit: 20 })
      expect(trips).toBe(1)
    })

    it('a transaction of three statements, one after another: four', async () => {
      await using session = database.session()
      await session.transaction(async (tx) => {
        await tx.db.insert(items).values({ id: 1, name: 'a' })
        await tx.db.update(items).set({ name: 'b' })
        await tx.db.select().from(items)
      })
      expect({ trips, logged }).toEqual({ trips: 4, logged: 4 })
    })

    it('a transaction of three statements that are asked for together: two', async () => {
      await using session = database.session()
      const counts = await session.transaction(async (tx) => {
        const [, , rows] = await Promise.all([
          tx.db.insert(items).values({ id: 1, name: 'a' }),
          tx.execute(sql`insert into items values (2, 'b')`),
          tx.db.select().from(items),
        ])
        return rows.length
      })
      expect({ trips, counts }).toEqual({ trips: 2, counts: 2 })
    })

    it('a transaction with settings and a statement: two', async () => {
      await using session = database.session()
      await session.withSettings({ 'app.tenant_id': 'acme' }).transaction((tx) => tx.db.select().from(items))
      expect(trips).toBe(2)
    })

    it('a transaction without a statement: none', async () => {
      await using session = database.session()
      await session.transaction(() => Promise.resolve())
      await session.transaction((tx) => tx.transaction(() => Promise.resolve()))
      expect(trips).toBe(0)
    })
  })
})
