import { sql } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../../cli/neon-local/serve.ts'
import { openDatabase, type DatabaseProvider } from '../../database.ts'
import type { TransactionalDbSession } from '../../session/session.ts'
import { neon } from './driver.ts'

const items = pgTable('items', { id: integer().primaryKey(), name: text().notNull() })

let endpoint: NeonEndpoint
let database: DatabaseProvider
beforeAll(async () => {
  endpoint = await serveNeon()
  database = await openDatabase({ drivers: [neon()], url: endpoint.url })
}, 60_000)
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await endpoint.close()
})

let before: { requests: number; sockets: number; roundTrips: number }
beforeEach(async () => {
  await using session = database.session()
  await session.batch([
    sql`drop table if exists items`,
    sql`create table items (id int primary key, name text not null)`,
  ])
  before = { ...endpoint.stats }
})
const spent = () => ({
  requests: endpoint.stats.requests - before.requests,
  sockets: endpoint.stats.sockets - before.sockets,
  roundTrips: endpoint.stats.roundTrips - before.roundTrips,
})

describe('round trips over Neon', () => {
  it('three new entities in a unit of work: one HTTP request', async () => {
    await using session = database.session()
    await session.atomic((unit) => {
      for (const id of [1, 2, 3]) unit.add(session.db.insert(items).values({ id, name: `item ${id}` }))
    })
    expect(spent()).toEqual({ requests: 1, sockets: 0, roundTrips: 0 })
    expect(await session.db.$count(items)).toBe(3)
  })

  it('mixed writes, some of them guarded: one HTTP request', async () => {
    await using session = database.session()
    await session.atomic((unit) => {
      unit.add(session.db.insert(items).values({ id: 1, name: 'a' }))
      unit.add(session.db.update(items).set({ name: 'b' }), { expectRows: 1 })
      unit.add(sql`insert into items values (2, 'c')`)
      unit.add(session.db.delete(items), { expectRows: 2 })
    })
    expect(spent()).toEqual({ requests: 1, sockets: 0, roundTrips: 0 })
  })

  it('a setting and a query: one HTTP request', async () => {
    await using session = database.session()
    await session.withSettings({ 'app.tenant_id': 'acme' }).db.select().from(items)
    expect(spent()).toEqual({ requests: 1, sockets: 0, roundTrips: 0 })
  })

  it('a session that did nothing, an empty batch and an empty unit: nothing', async () => {
    await using session = database.session()
    await session.batch([])
    await session.atomic(() => undefined)
    expect(spent()).toEqual({ requests: 0, sockets: 0, roundTrips: 0 })
  })

  /** What a transaction spends on a socket that is open. */
  const spentBy = async (work: (tx: TransactionalDbSession) => Promise<unknown>, settings = {}): Promise<number> => {
    await using session = database.session()
    await session.transaction((tx) => tx.execute(sql`select 1`))
    const opened = endpoint.stats.roundTrips
    await session.withSettings(settings).transaction(work)
    return endpoint.stats.roundTrips - opened
  }

  it('a transaction of three statements, one after another: four, begin with the first', async () => {
    const trips = await spentBy(async (tx) => {
      await tx.db.insert(items).values({ id: 1, name: 'a' })
      await tx.db.update(items).set({ name: 'b' })
      await tx.db.select().from(items)
    })
    expect(trips).toBe(4)
  })

  it('a transaction of three statements that are asked for together: two', async () => {
    let seen: unknown
    const trips = await spentBy(async (tx) => {
      const [, , rows] = await Promise.all([
        tx.db.insert(items).values({ id: 1, name: 'a' }),
        tx.execute(sql`insert into items values (2, 'b')`),
        tx.db.select({ id: items.id }).from(items).orderBy(items.id),
      ])
      seen = rows
    })
    expect({ trips, seen }).toEqual({ trips: 2, seen: [{ id: 1 }, { id: 2 }] })
  })

  it('a transaction with settings and a statement: two', async () => {
    expect(await spentBy((tx) => tx.db.select().from(items), { 'app.tenant_id': 'acme' })).toBe(2)
  })

  it('a savepoint with a statement: four', async () => {
    const trips = await spentBy((tx) => tx.transaction((nested) => nested.db.select().from(items)))
    expect(trips).toBe(4)
  })

  it('an interactive transaction of three statements: at most six, with the connection', async () => {
    {
      await using session = database.session()
      await session.transaction(async (tx) => {
        await tx.db.insert(items).values({ id: 1, name: 'a' })
        await tx.db.update(items).set({ name: 'b' })
        await tx.db.select().from(items)
      })
    }
    await expect.poll(() => endpoint.stats.openSockets).toBe(0)
    expect(spent()).toMatchObject({ requests: 0, sockets: 1 })
    expect(spent().roundTrips).toBeLessThanOrEqual(6)
  })

  it('a transaction without a statement: nothing', async () => {
    await using session = database.session()
    await session.transaction(() => Promise.resolve())
    await session.transaction((tx) => tx.transaction(() => Promise.resolve()))
    expect(spent()).toEqual({ requests: 0, sockets: 0, roundTrips: 0 })
  })

  it('a second transaction of a session uses the socket of the first', async () => {
    {
      await using session = database.session()
      await session.transaction((tx) => tx.execute(sql`select 1`))
      expect(endpoint.stats.openSockets).toBe(1)
      await session.transaction((tx) => tx.execute(sql`select 1`))
    }
    expect(spent().sockets).toBe(1)
    await expect.poll(() => endpoint.stats.openSockets).toBe(0)
  })
})
