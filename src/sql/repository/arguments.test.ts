import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { date, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import type { DbSession } from '../session/session.ts'
import { SqlRepository } from './repository.ts'

const notes = pgTable('notes', {
  id: text().primaryKey(),
  rank: integer(),
  day: date({ mode: 'date' }),
  deletedAt: timestamp().notNull(),
})
const plain = pgTable('plain', { id: text().primaryKey() })
type Note = Partial<typeof notes.$inferSelect>

let instance: PGlite
let session: DbSession
beforeAll(async () => {
  instance = await PGlite.create()
  session = (await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })).session()
  await instance.exec('create table notes (id text primary key, rank int, day date, "deletedAt" timestamp)')
}, 60_000)
afterAll(() => instance.close())

/** As a program in plain JavaScript sees it. */
interface Untyped {
  readonly [method: string]: (...args: readonly unknown[]) => Promise<unknown>
}

function untyped(toRow: (note: Note) => unknown = (note) => note): Untyped {
  const mapping = { toEntity: (row: Note) => row, toRow: toRow as (note: Note) => Note }
  return new SqlRepository<typeof notes, Note, string>(notes, session, mapping) as unknown as Untyped
}

const misuse = { code: 'LEX_ERR_USE_001' }

describe('a repository refuses', () => {
  it.each<readonly [string, unknown]>([
    ['a text', 'rank'],
    ['an object', { rank: 'asc' }],
    ['null', null],
    ['a number', 1],
    ['texts', ['rank']],
    ['a pair that is not in a list', ['rank', 'asc']],
    ['no direction', [['rank']]],
    ['another direction', [['rank', 'ASC']]],
    ['a number as direction', [['rank', 1]]],
    ['three of them', [['rank', 'asc', 'nulls first']]],
    ['a column that is not text', [[{}, 'asc']]],
    ['a null', [null]],
    ['a column that is not there', [['nope', 'asc']]],
    ['an inherited name', [['constructor', 'asc']]],
  ])('the sort %s', async (_what, sort) => {
    for (const method of ['list', 'page']) await expect(untyped()[method]?.({ sort })).rejects.toMatchObject(misuse)
  })

  it.each([-1, 1.5, Number.NaN, Infinity, '5', null, {}, 2 ** 53])('the limit %j', async (limit) => {
    await expect(untyped()['list']?.({ limit })).rejects.toMatchObject(misuse)
  })

  it.each([-1, 1.5, '5', null])('the skip %j', async (skip) => {
    await expect(untyped()['list']?.({ skip })).rejects.toMatchObject(misuse)
  })

  it('a page without a row', async () => {
    await expect(untyped()['page']?.({ limit: 0 })).rejects.toMatchObject(misuse)
  })

  it.each(['find', 'get', 'exists', 'delete'])('options of %s that are not an object', async (method) => {
    for (const options of [null, 'x', 5, []]) {
      await expect(untyped()[method]?.('a', options)).rejects.toMatchObject(misuse)
    }
  })

  it.each(['list', 'page'])('options of %s that are not an object', async (method) => {
    for (const options of [null, 'x', 5, []]) await expect(untyped()[method]?.(options)).rejects.toMatchObject(misuse)
  })

  it.each<readonly [string, readonly unknown[]]>([
    ['find', ['a', { includeDelted: true }]],
    ['list', [{ limt: 5 }]],
    ['list', [{ where: 1 }]],
    ['page', [{ skip: 5 }]],
    ['count', [undefined, { deleted: true }]],
    ['delete', ['a', { force: true }]],
    ['deleteMany', [['a'], { version: 1 }]],
    ['upsert', [{ id: 'a' }, { target: ['id'] }]],
  ])('an option that %s does not have', async (method, args) => {
    await expect(untyped()[method]?.(...args)).rejects.toMatchObject(misuse)
  })

  it.each<readonly [string, readonly unknown[]]>([
    ['find', ['a', { includeDeleted: 'false' }]],
    ['delete', ['a', { hard: 'false' }]],
    ['deleteMany', [['a'], { hard: 1 }]],
  ])('a flag of %s that is neither true nor false', async (method, args) => {
    await expect(untyped()[method]?.(...args)).rejects.toMatchObject(misuse)
  })

  it.each<readonly [string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['NaN', Number.NaN],
    ['an object', { $ne: null }],
    ['an array', ['a']],
    ['a pattern', /a/],
    ['a function', () => 'a'],
    ['a symbol', Symbol('a')],
  ])('%s as an id', async (_what, id) => {
    for (const method of ['find', 'get', 'exists', 'delete']) {
      await expect(untyped()[method]?.(id)).rejects.toMatchObject(misuse)
    }
    await expect(untyped()['deleteMany']?.([id])).rejects.toMatchObject(misuse)
  })

  it.each([null, 'abc', {}, 5])('%j as a list', async (list) => {
    await expect(untyped()['saveMany']?.(list)).rejects.toMatchObject(misuse)
    await expect(untyped()['deleteMany']?.(list)).rejects.toMatchObject(misuse)
  })

  it.each([null, undefined])('%j as an entity', async (entity) => {
    await expect(untyped()['save']?.(entity)).rejects.toMatchObject(misuse)
    await expect(untyped()['saveMany']?.([entity])).rejects.toMatchObject(misuse)
  })

  it.each<readonly [string, unknown]>([
    ['a promise', Promise.resolve({ id: 'a' })],
    ['undefined', undefined],
    ['null', null],
    ['a text', 'a'],
    ['an array', [{ id: 'a' }]],
    ['a column that is not there', { id: 'a', nope: 1 }],
    ['an inherited name', { id: 'a', constructor: 1 }],
  ])('a row that is %s', async (_what, row) => {
    await expect(untyped(() => row)['save']?.({})).rejects.toMatchObject(misuse)
  })

  it('a value that its column cannot write, by the name of the column', async () => {
    const work = untyped()['save']?.({ id: 'a', day: 'yesterday' })
    await expect(work).rejects.toMatchObject({
      ...misuse,
      message: "the value of 'day' must be of its column's type, date",
    })
  })

  it.each<readonly [string, unknown]>([
    ['a softDelete column that is never null', { softDelete: 'deletedAt' }],
    ['a column that is not there', { version: 'nope' }],
    ['an inherited name', { version: 'constructor' }],
    ['a tenant without a column', { tenant: { id: 'x' } }],
    ['an option that it does not have', { softdelete: 'deletedAt' }],
    ['an audit option that it does not have', { timestamps: { created: 'day' } }],
    ['options that are null', null],
  ])('%s', (_what, options) => {
    const mapping = { toEntity: (row: Note) => row, toRow: (note: Note) => note }
    expect(() => new SqlRepository(notes, session, mapping, options as object)).toThrow(expect.objectContaining(misuse))
  })

  it.each<readonly [string, unknown]>([
    ['null', null],
    ['an object', {}],
    ['a column', notes.id],
    ['a table without a key', pgTable('keyless', { n: integer() })],
  ])('a table that is %s', (_what, table) => {
    const mapping = { toEntity: (row: Note) => row, toRow: (note: Note) => note }
    expect(() => new SqlRepository(table as typeof notes, session, mapping)).toThrow(expect.objectContaining(misuse))
  })

  it.each<readonly [string, unknown, unknown]>([
    ['a session that is not one', {}, { toEntity: (row: Note) => row, toRow: (note: Note) => note }],
    ['no session', undefined, { toEntity: (row: Note) => row, toRow: (note: Note) => note }],
    ['no mapping', 'session', undefined],
    ['half a mapping', 'session', { toRow: (note: Note) => note }],
  ])('%s', (_what, given, mapping) => {
    const on = (given === 'session' ? session : given) as DbSession
    expect(() => new SqlRepository(plain, on, mapping as never)).toThrow(expect.objectContaining(misuse))
  })
})

const composite = pgTable('pairs', { a: integer(), b: text() }, (table) => [
  primaryKey({ columns: [table.a, table.b] }),
])

describe('more values than a statement has parameters', () => {
  const many = Array.from({ length: 70_000 }, (_, i) => i)

  it('delete rows by their keys', async () => {
    await session.batch([
      sql`create table plain (id text primary key)`,
      sql`insert into plain values ('k5'), ('k69999')`,
    ])
    const repository = new SqlRepository(plain, session, { toEntity: (row) => row, toRow: (row) => row })
    expect(await repository.deleteMany(many.map((i) => `k${i}`))).toBe(2)
  })

  it('delete rows by keys of several columns, all or none', async () => {
    await session.batch([
      sql`create table pairs (a int, b text, primary key (a, b))`,
      sql`insert into pairs values (0, 'x'), (69999, 'x'), (1, 'y')`,
    ])
    const repository = new SqlRepository<typeof composite, typeof composite.$inferSelect, { a: number; b: string }>(
      composite,
      session,
      { toEntity: (row) => row, toRow: (row) => row },
    )
    expect(await repository.deleteMany(many.map((a) => ({ a, b: 'x' })))).toBe(2)
    expect(await repository.count()).toBe(1)
  })
})

describe('lists with holes are refused', () => {
  const holed = (value: unknown): unknown[] => {
    const list: unknown[] = []
    list[1] = value
    return list
  }

  it('arrays with undefined are refused as those with holes are', async () => {
    await expect(untyped()['saveMany']?.(holed({ id: 'a' }))).rejects.toMatchObject(misuse)
    await expect(untyped()['deleteMany']?.(holed('a'))).rejects.toMatchObject(misuse)
    await expect(session.batch(holed(sql`select 1`) as never)).rejects.toMatchObject(misuse)
  })
})

describe('a column of text', () => {
  it.each([[{ a: 1 }], [['a']], [new Uint8Array(1)], [Promise.resolve('a')]])('refuses %o', async (id) => {
    await expect(untyped(() => ({ id }))['save']?.({})).rejects.toMatchObject(misuse)
  })

  it('refuses half of a surrogate pair as what it is: a value that cannot be stored', async () => {
    await expect(untyped()['save']?.({ id: '\ud800' })).rejects.toMatchObject({ code: 'LEX_ERR_SQL_026' })
  })
})

it('a unit of work refuses options that it does not have', async () => {
  const add = (options: object) => session.atomic((unit) => unit.add(sql`delete from notes where false`, options))
  await expect(add({ expectRow: 1 })).rejects.toMatchObject(misuse)
  await expect(add({ expectRows: '1' })).rejects.toMatchObject(misuse)
})

const methods = Object.getOwnPropertyNames(SqlRepository.prototype).filter((name) => name !== 'constructor')

it.each(methods)('%s refuses an argument that it does not read', async (name) => {
  const call = async () => untyped()[name]?.(undefined, undefined, undefined, { softDelete: false })
  await expect(call()).rejects.toThrow(new RegExp(`^${name} must have at most .*, not 4$`))
})
