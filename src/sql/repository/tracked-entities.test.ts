import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { integer, jsonb, pgTable, primaryKey, text, type AnyPgColumn } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import { inOrderOfReferences } from '../session/units/reference-order.ts'
import type { DbSession } from '../session/session.ts'
import { SqlRepository } from './repository.ts'

const goods = pgTable('goods', {
  id: text().primaryKey(),
  tenant: text().notNull(),
  stock: integer().notNull(),
  facts: jsonb().$type<{ tags: string[] }>(),
  version: integer().notNull().default(1),
})
interface Good {
  id: string
  tenant?: string
  stock: number
  facts?: { tags: string[] } | null
  version?: number
}
const lots = pgTable('lots', {
  id: text().primaryKey(),
  good: text()
    .notNull()
    .references(() => goods.id),
  parent: text().references((): AnyPgColumn => lots.id),
})
const shelves = pgTable('shelves', { a: integer(), b: text(), n: integer() }, (table) => [
  primaryKey({ columns: [table.a, table.b] }),
])

let instance: PGlite
let session: DbSession
let tenant = 'acme'
const open = () => ({
  goods: new SqlRepository<typeof goods, Good, string>(
    goods,
    session,
    { toEntity: (row) => row, toRow: (good) => good },
    { version: 'version', tenant: { field: 'tenant', id: () => tenant } },
  ),
  lots: new SqlRepository(lots, session, { toEntity: (row) => row, toRow: (lot) => lot }),
})
let repositories: ReturnType<typeof open>

beforeAll(async () => {
  instance = await PGlite.create()
  session = (await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })).session()
  await session.batch([
    sql`create table goods (id text primary key, tenant text not null, stock int not null, facts jsonb, version int not null default 1)`,
    sql`create table lots (id text primary key, good text not null references goods, parent text references lots)`,
    sql`create table shelves (a int, b text, n int, primary key (a, b))`,
  ])
}, 60_000)
afterAll(() => instance.close())
beforeEach(async () => {
  tenant = 'acme'
  await session.execute('truncate goods, lots')
  await session.execute`insert into goods values ('tea', 'acme', 3, '{"tags": ["a"]}'), ('mug', 'acme', 1, null), ('jar', 'other', 9, null)`
  repositories = open()
})

const stored = async (id: string) => repositories.goods.find(id)

describe('entities in a unit of work', () => {
  it('are one object for one key', async () => {
    await session.atomic(async (unit) => {
      const [first, second] = await Promise.all([
        repositories.goods.findIn(unit, 'tea'),
        repositories.goods.findIn(unit, 'tea'),
      ])
      expect(first).toBe(second)
      expect(await repositories.goods.findIn(unit, 'tea')).toBe(first)
      const [listed] = await repositories.goods.list({ sort: [['stock', 'desc']], limit: 1 })
      if (listed !== undefined) expect(repositories.goods.trackIn(unit, listed)).toBe(first)
    })
  })

  it('are saved when they were changed, in one batch, with their version', async () => {
    const calls = session.stats.calls
    await session.atomic(async (unit) => {
      const tea = await repositories.goods.findIn(unit, 'tea')
      await repositories.goods.findIn(unit, 'mug')
      if (tea === null) expect.unreachable()
      tea.stock -= 1
      tea.facts?.tags.push('b')
    })
    expect(session.stats.calls - calls).toBe(3)
    expect(await stored('tea')).toMatchObject({ stock: 2, facts: { tags: ['a', 'b'] }, version: 2 })
    expect(await stored('mug')).toMatchObject({ stock: 1, version: 1 })
  })

  it('send nothing when none was changed', async () => {
    const calls = session.stats.calls
    await session.atomic(async (unit) => void (await repositories.goods.findIn(unit, 'tea')))
    expect(session.stats.calls - calls).toBe(1)
  })

  it('are refused with the whole unit when another has changed them meanwhile', async () => {
    const changed = session.atomic(async (unit) => {
      const tea = await repositories.goods.findIn(unit, 'tea')
      const mug = await repositories.goods.findIn(unit, 'mug')
      await session.execute`update goods set version = 7 where id = 'tea'`
      if (tea !== null) tea.stock = 0
      if (mug !== null) mug.stock = 0
    })
    await expect(changed).rejects.toMatchObject({ code: 'LEX_ERR_DB_015' })
    expect(await stored('mug')).toMatchObject({ stock: 1 })
  })

  it('are saved once, also when that is asked for twice', async () => {
    await session.atomic(async (unit) => {
      const tea = await repositories.goods.findIn(unit, 'tea')
      if (tea === null) expect.unreachable()
      repositories.goods.saveIn(unit, tea)
      tea.stock = 8
      repositories.goods.saveIn(unit, tea)
    })
    expect(await stored('tea')).toMatchObject({ stock: 8, version: 2 })
  })

  it('are not there any more once the unit deletes them', async () => {
    await session.atomic(async (unit) => {
      const tea = await repositories.goods.findIn(unit, 'tea')
      if (tea === null) expect.unreachable()
      tea.stock = 8
      repositories.goods.deleteIn(unit, 'tea')
      expect(await repositories.goods.findIn(unit, 'tea')).toBeNull()
      expect(() => repositories.goods.trackIn(unit, tea)).toThrow(/deletes it/)
    })
    expect(await stored('tea')).toBeNull()
  })

  it('entities of one tenant are not there for another', async () => {
    await session.atomic(async (unit) => {
      expect(await repositories.goods.findIn(unit, 'tea')).not.toBeNull()
      tenant = 'other'
      expect(await repositories.goods.findIn(unit, 'tea')).toBeNull()
    })
  })

  it('are tracked no more after the commit, nor after a rollback', async () => {
    await using unit = session.unitOfWork()
    const tea = await repositories.goods.findIn(unit, 'tea')
    if (tea === null) expect.unreachable()
    tea.stock = 5
    await unit.commit()
    tea.stock = 6
    await unit.commit()
    const again = await repositories.goods.findIn(unit, 'tea')
    expect(again).toMatchObject({ stock: 5, version: 2 })
    if (again !== null) again.stock = 7
    unit.rollback()
    await unit.commit()
    expect(await stored('tea')).toMatchObject({ stock: 5 })
  })

  it('stay tracked when a commit fails', async () => {
    await using unit = session.unitOfWork()
    const tea = await repositories.goods.findIn(unit, 'tea')
    if (tea === null) expect.unreachable()
    tea.stock = 5
    unit.add(sql`insert into goods (id) values ('x')`)
    await expect(unit.commit()).rejects.toMatchObject({ code: 'LEX_ERR_SQL_011' })
    expect(await repositories.goods.findIn(unit, 'tea')).toBe(tea)
    unit.rollback()
  })

  it('entities that were changed without a commit are reported as writes are', async () => {
    const forgotten: number[] = []
    const database = await openDatabase({
      drivers: [pglite({ instance })],
      url: 'pglite:memory',
      onUncommitted: (writes) => forgotten.push(writes),
    })
    await using own = database.session()
    const repository = new SqlRepository<typeof goods, Good, string>(goods, own, {
      toEntity: (row) => row,
      toRow: (good) => good,
    })
    {
      await using unit = own.unitOfWork()
      const tea = await repository.findIn(unit, 'tea')
      if (tea !== null) tea.stock = 5
    }
    expect(forgotten).toEqual([1])
  })

  it('may have keys of several columns', async () => {
    await session.execute`insert into shelves values (1, 'x', 1) on conflict do nothing`
    const repository = new SqlRepository<typeof shelves, typeof shelves.$inferSelect, { a: number; b: string }>(
      shelves,
      session,
      { toEntity: (row) => row, toRow: (row) => row },
    )
    await session.atomic(async (unit) => {
      const shelf = await repository.findIn(unit, { a: 1, b: 'x' })
      expect(await repository.findIn(unit, { b: 'x', a: 1 })).toBe(shelf)
      if (shelf !== null) shelf.n = 5
    })
    expect(await repository.find({ a: 1, b: 'x' })).toMatchObject({ n: 5 })
  })
})

describe('the writes of a unit of work', () => {
  it('store rows before those that refer to them, whatever the order in which they were added', async () => {
    await session.atomic((unit) => {
      repositories.lots.saveIn(unit, { id: 'l1', good: 'new', parent: null })
      repositories.lots.saveIn(unit, { id: 'l2', good: 'new', parent: 'l1' })
      repositories.goods.saveIn(unit, { id: 'new', stock: 1 })
    })
    expect(await repositories.lots.count()).toBe(2)
  })

  it('keep their places around one of which nothing is known', () => {
    const write = (name: string, stores?: typeof goods | typeof lots) => ({ name, stores })
    const given = [write('lot', lots), write('raw'), write('lot 2', lots), write('good', goods), write('good 2', goods)]
    expect(inOrderOfReferences(given).map(({ name }) => name)).toEqual(['lot', 'raw', 'good', 'good 2', 'lot 2'])
  })

  it('the writes of tables that refer to each other keep the order in which they were added', () => {
    const left = pgTable('left_side', {
      id: text().primaryKey(),
      other: text().references((): AnyPgColumn => right.id),
    })
    const right = pgTable('right_side', {
      id: text().primaryKey(),
      other: text().references((): AnyPgColumn => left.id),
    })
    const given = [{ stores: left }, { stores: right }, { stores: left }]
    expect(inOrderOfReferences(given)).toHaveLength(3)
  })

  it('name the one whose expectation failed, although they changed places', async () => {
    const failed = session.atomic((unit) => {
      repositories.lots.saveIn(unit, { id: 'l1', good: 'tea', parent: null })
      repositories.goods.saveIn(unit, { id: 'mug', stock: 1, version: 9 })
    })
    await expect(failed).rejects.toMatchObject({ code: 'LEX_ERR_DB_015' })
  })

  it('refuse a table that is not one', async () => {
    const add = session.atomic((unit) => unit.add(sql`select 1`, { stores: 'goods' as never }))
    await expect(add).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})
