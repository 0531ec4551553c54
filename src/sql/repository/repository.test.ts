import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { bigint, integer, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { serveNeon, type NeonEndpoint } from '../../cli/neon-local/serve.ts'
import { fieldEq, fieldGt } from '../../core/specification/field.ts'
import { openDatabase, type DatabaseProvider } from '../database.ts'
import { neon } from '../drivers/neon/driver.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { SqlRepository } from './repository.ts'
import type { SqlRepositoryOptions } from './options.ts'

const products = pgTable('products', {
  id: text().primaryKey(),
  name: text().notNull(),
  stock: integer().notNull().default(0),
  rank: integer(),
  tenant: text(),
  version: integer(),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
})
type Row = typeof products.$inferSelect

interface Product {
  readonly id: string
  readonly name: string
  readonly stock: number
  readonly rank?: number | null
  readonly version?: number | null
}

const mapping = {
  toEntity: ({ id, name, stock, rank, version }: Row): Product => ({ id, name, stock, rank, version }),
  toRow: (product: Product) => product,
}

let instance: PGlite
let endpoint: NeonEndpoint
let database: DatabaseProvider
let session: TransactionalDbSession
beforeAll(async () => {
  instance = await PGlite.create()
  endpoint = await serveNeon({ backend: instance })
  database = await openDatabase({ drivers: [neon()], url: endpoint.url })
  session = database.session()
}, 60_000)
afterAll(async () => {
  await endpoint.close()
  await instance.close()
})
beforeEach(() =>
  instance.exec(`drop table if exists products, counters;
    create table products (id text primary key, name text not null unique, stock int not null default 0, rank int,
      tenant text, version int, deleted_at timestamptz);
    create table counters (id serial primary key, label text not null)`),
)

const repository = (options: SqlRepositoryOptions<typeof products> = {}, on: TransactionalDbSession = session) =>
  new SqlRepository<typeof products, Product, string>(products, on, mapping, options)
const product = (id: string, more: Partial<Product> = {}): Product => ({
  id,
  name: `name of ${id}`,
  stock: 1,
  rank: null,
  version: null,
  ...more,
})
const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: { code?: string }) => error.code,
  )

async function requests(work: () => Promise<unknown>): Promise<number> {
  const before = endpoint.stats.requests
  await work()
  return endpoint.stats.requests - before
}

describe('SqlRepository', () => {
  it('finds what it saved, or null', async () => {
    const saved = await repository().save(product('a', { rank: 3 }))
    expect(saved).toEqual(product('a', { rank: 3 }))
    expect(await repository().find('a')).toEqual(saved)
    expect(await repository().find('b')).toBeNull()
    expect([await repository().exists('a'), await repository().exists('b')]).toEqual([true, false])
  })

  it('gets a Result of what it saved', async () => {
    const saved = await repository().save(product('a', { rank: 3 }))
    expect(await repository().get('a')).toEqual({ ok: true, value: saved })
    expect(await repository().get('b')).toMatchObject({ ok: false, error: { code: 'LEX_ERR_DOM_002' } })
  })

  it('needs one request for each of find, save, page, count, delete and saveMany', async () => {
    const many = Array.from({ length: 5 }, (_, i) => product(`p${i}`))
    expect(await requests(() => repository().saveMany(many))).toBe(1)
    expect(await requests(() => repository().save(product('p1', { stock: 7 })))).toBe(1)
    expect(await requests(() => repository({ version: 'version', softDelete: 'deletedAt' }).find('p1'))).toBe(1)
    expect(await requests(() => repository().page({ where: fieldGt<Product>('stock', 0) }))).toBe(1)
    expect(await requests(() => repository().count())).toBe(1)
    expect(await requests(() => repository().deleteMany(['p1', 'p2']))).toBe(1)
    expect(await requests(() => repository().deleteMany([]))).toBe(0)
    expect(await requests(() => repository().saveMany([]))).toBe(0)
  })

  it('leaves alone on a second save what toRow leaves out', async () => {
    await repository().save(product('a', { stock: 1, rank: 9 }))
    const partial = new SqlRepository<typeof products, Product, string>(products, session, {
      ...mapping,
      toRow: ({ id, name }) => ({ id, name }),
    })
    expect(await partial.save(product('a', { name: 'other' }))).toMatchObject({ name: 'other', stock: 1, rank: 9 })
  })

  it('lets the database make an id', async () => {
    const counters = pgTable('counters', { id: serial().primaryKey(), label: text().notNull() })
    const labels = new SqlRepository<typeof counters, { id?: number; label: string }, number>(counters, session, {
      toEntity: (row) => row,
      toRow: (entity) => entity,
    })
    expect(await labels.save({ label: 'x' })).toEqual({ id: 1, label: 'x' })
    expect(await labels.saveMany([{ label: 'y' }, { id: 1, label: 'z' }])).toEqual([
      { id: 2, label: 'y' },
      { id: 1, label: 'z' },
    ])
  })

  it('keeps all or nothing of saveMany', async () => {
    const duplicate = [product('a'), product('b', { name: 'name of a' })]
    expect(await failure(repository().saveMany(duplicate))).toBe('LEX_ERR_DB_005')
    expect(await repository().count()).toBe(0)
  })

  it('finds by specification, in an order, in part', async () => {
    await repository().saveMany([product('a', { stock: 5 }), product('b', { stock: 7 }), product('c', { stock: 7 })])
    const ids = (found: Product[]) => found.map(({ id }) => id)
    expect(ids(await repository().findBySpec(fieldEq<Product>('stock', 7)))).toEqual(['b', 'c'])
    expect(
      ids(
        await repository().list({
          sort: [
            ['stock', 'desc'],
            ['id', 'desc'],
          ],
          limit: 2,
        }),
      ),
    ).toEqual(['c', 'b'])
    expect(ids(await repository().list({ skip: 1 }))).toEqual(['b', 'c'])
    expect(await repository().count(fieldGt<Product>('stock', 5))).toBe(2)
    expect(await repository().count(fieldEq<Product>('name', `x' or 1=1 --`))).toBe(0)
  })

  describe('with a version', () => {
    const versioned = () => repository({ version: 'version' })

    it('refuses a save over a newer row', async () => {
      const first = await versioned().save(product('a'))
      expect(first.version).toBe(1)
      const second = await versioned().save({ ...first, stock: 2 })
      expect(second).toMatchObject({ stock: 2, version: 2 })
      expect(await failure(versioned().save({ ...first, stock: 3 }))).toBe('LEX_ERR_DB_015')
      expect(await versioned().find('a')).toMatchObject({ stock: 2, version: 2 })
    })

    it('refuses a new row under an id that exists', async () => {
      await versioned().save(product('a'))
      expect(await failure(versioned().save(product('a')))).toBe('LEX_ERR_DB_005')
    })

    it('refuses a save of a row that is gone', async () => {
      const first = await versioned().save(product('a'))
      await versioned().delete('a')
      expect(await failure(versioned().save(first))).toBe('LEX_ERR_DB_015')
    })

    it('undoes all of saveMany when one is stale', async () => {
      const first = await versioned().save(product('a'))
      await versioned().save(first)
      const many = [product('b'), { ...first, stock: 9 }, product('c')]
      expect(await failure(versioned().saveMany(many))).toBe('LEX_ERR_DB_015')
      expect(await versioned().count()).toBe(1)
      const [again, added] = await versioned().saveMany([{ ...first, version: 2 }, product('d')])
      expect([again?.version, added?.version]).toEqual([3, 1])
    })
  })

  describe('with soft deletion', () => {
    const soft = () => repository({ softDelete: 'deletedAt', clock: () => 0 })

    it('hides what was deleted on every path, until it is restored', async () => {
      await soft().saveMany([product('a'), product('b')])
      expect([await soft().delete('a'), await soft().delete('a'), await soft().delete('x')]).toEqual([
        true,
        false,
        false,
      ])
      expect(await soft().find('a')).toBeNull()
      expect(await soft().exists('a')).toBe(false)
      expect(await soft().count()).toBe(1)
      expect((await soft().page()).items).toHaveLength(1)
      expect(await soft().list()).toHaveLength(1)
      expect(await soft().findBySpec(fieldEq<Product>('id', 'a'))).toEqual([])
      expect(await failure(soft().save(product('a')))).toBe('LEX_ERR_DB_005')
      expect(await failure(soft().saveMany([product('c'), product('a')]))).toBe('LEX_ERR_DB_005')
      expect(await soft().find('a', { includeDeleted: true })).toMatchObject({ id: 'a' })
      expect(await soft().count(undefined, { includeDeleted: true })).toBe(2)
      expect([await soft().restore('a'), await soft().restore('a')]).toEqual([true, false])
      expect(await soft().find('a')).not.toBeNull()
    })

    it('removes for good when asked to', async () => {
      await soft().save(product('a'))
      await soft().delete('a')
      expect(await soft().delete('a', { hard: true })).toBe(true)
      expect(await soft().find('a', { includeDeleted: true })).toBeNull()
    })

    it('is needed to restore', async () => {
      await expect(repository().restore('a')).rejects.toThrow(/softDelete/)
    })
  })

  describe('of a tenant', () => {
    const of = (id: string) => repository({ tenant: { field: 'tenant', id: () => id } })

    it('neither sees nor touches the rows of another', async () => {
      await of('x').saveMany([product('a'), product('b')])
      expect(await of('y').find('a')).toBeNull()
      expect(await of('y').list()).toEqual([])
      expect(await of('y').deleteMany(['a', 'b'])).toBe(0)
      expect(await failure(of('y').save(product('a', { name: 'stolen' })))).toBe('LEX_ERR_DB_005')
      expect(await of('x').find('a')).toMatchObject({ name: 'name of a' })
      expect(await of('x').count()).toBe(2)
    })

    it('is refused without one', async () => {
      const none = repository({ tenant: { field: 'tenant', id: () => undefined } })
      await expect(none.find('a')).rejects.toThrow(/tenant/)
      await expect(none.save(product('a'))).rejects.toThrow(/tenant/)
    })
  })

  it('takes part in a unit of work, in one request', async () => {
    const versioned = repository({ version: 'version' })
    const stale = await versioned.save(product('a'))
    const spent = await requests(() =>
      session.atomic((unit) => {
        versioned.saveIn(unit, { ...stale, stock: 4 })
        versioned.saveIn(unit, product('b'))
        versioned.deleteIn(unit, 'zzz')
      }),
    )
    expect(spent).toBe(1)
    expect(await versioned.find('a')).toMatchObject({ stock: 4, version: 2 })
    const refused = session.atomic((unit) => {
      versioned.deleteIn(unit, 'b')
      versioned.saveIn(unit, stale)
    })
    expect(await failure(refused)).toBe('LEX_ERR_DB_015')
    expect(await versioned.exists('b')).toBe(true)
  })

  it('takes part in a transaction', async () => {
    await session
      .transaction(async (tx) => {
        await repository({}, tx).save(product('a'))
        expect(await repository({}, tx).exists('a')).toBe(true)
        throw new Error('undo')
      })
      .catch(() => undefined)
    expect(await repository().exists('a')).toBe(false)
  })

  it('loads, changes and saves in two requests', async () => {
    const versioned = repository({ version: 'version' })
    await versioned.save(product('a'))
    const spent = await requests(async () => {
      const found = await versioned.find('a')
      if (found !== null) await versioned.save({ ...found, stock: found.stock - 1 })
    })
    expect(spent).toBe(2)
  })

  it('refuses tables and options that do not fit', async () => {
    const keyless = pgTable('keyless', { a: bigint({ mode: 'number' }) })
    expect(() => new SqlRepository(keyless, session, { toEntity: (row) => row, toRow: () => ({}) })).toThrow(
      /primary key/,
    )
    expect(() => repository({ version: 'revision' as 'version' })).toThrow(/revision/)
    await expect(repository().list({ sort: [['nope' as 'id', 'asc']] })).rejects.toThrow(/nope/)
    await expect(repository().list({ limit: -1 })).rejects.toThrow(/limit/)
    const wrong = new SqlRepository<typeof products, Product, string>(products, session, {
      ...mapping,
      toRow: () => ({ id: 'a', name: 'a', nope: 1 }),
    })
    await expect(wrong.save(product('a'))).rejects.toThrow(/nope/)
    expect(await session.execute(sql`select 1`)).toHaveLength(1)
  })
})
