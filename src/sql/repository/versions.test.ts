import { PGlite } from '@electric-sql/pglite'
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import type { SqlRepositoryOptions } from './options.ts'
import { SqlRepository } from './repository.ts'

const notes = pgTable('notes', {
  id: text().primaryKey(),
  slug: text().unique(),
  text: text(),
  version: integer(),
  deletedAt: timestamp(),
  createdAt: timestamp(),
  updatedAt: timestamp(),
  createdBy: text(),
  updatedBy: text(),
})
type Note = Partial<typeof notes.$inferSelect> & { readonly id: string }

let instance: PGlite
let session: TransactionalDbSession
beforeAll(async () => {
  instance = await PGlite.create()
  session = (await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })).session()
  await instance.exec(`create table notes (id text primary key, slug text unique, text text, version int,
    "deletedAt" timestamp, "createdAt" timestamp, "updatedAt" timestamp, "createdBy" text, "updatedBy" text)`)
}, 60_000)
afterAll(() => instance.close())
beforeEach(() => instance.exec('delete from notes'))

function repository(options: SqlRepositoryOptions<typeof notes>) {
  const mapping = { toEntity: (row: typeof notes.$inferSelect): Note => row, toRow: (note: Note) => note }
  return new SqlRepository<typeof notes, Note, string>(notes, session, mapping, options)
}

const stale = { code: 'LEX_ERR_DB_015' }

describe('a version', () => {
  const versioned = () => repository({ version: 'version', softDelete: 'deletedAt' })

  it('is raised by a soft deletion', async () => {
    await versioned().save({ id: 'a' })
    await versioned().delete('a')
    expect(await versioned().find('a', { includeDeleted: true })).toMatchObject({ version: 2 })
  })

  it('is raised by a restoration', async () => {
    await versioned().save({ id: 'a' })
    await versioned().delete('a')
    await versioned().restore('a')
    expect(await versioned().find('a')).toMatchObject({ version: 3 })
  })

  it('a version that was read before a deletion and restoration is stale', async () => {
    const read = await versioned().save({ id: 'a' })
    await versioned().delete('a')
    await versioned().restore('a')
    await expect(versioned().save({ ...read, text: 'x' })).rejects.toMatchObject(stale)
  })

  it.each([{ hard: false }, { hard: true }])('a version that fits is deleted: %j', async (options) => {
    const { version } = await versioned().save({ id: 'a' })
    expect(await versioned().delete('a', { ...options, version: version ?? 0 })).toBe(true)
  })

  it.each([{ hard: false }, { hard: true }])('a version that does not fit is not deleted: %j', async (options) => {
    await versioned().save({ id: 'a' })
    await expect(versioned().delete('a', { ...options, version: 2 })).rejects.toMatchObject(stale)
    expect(await versioned().exists('a')).toBe(true)
  })

  it('is expected of a row that is gone', async () => {
    await expect(versioned().delete('a', { version: 1 })).rejects.toMatchObject(stale)
  })

  it('a version that does not fit undoes a unit of work', async () => {
    await versioned().save({ id: 'a' })
    const work = session.atomic((unit) => {
      versioned().saveIn(unit, { id: 'b' })
      versioned().deleteIn(unit, 'a', { version: 2 })
    })
    await expect(work).rejects.toMatchObject(stale)
    expect(await versioned().exists('b')).toBe(false)
  })

  it.each([1.5, Number.NaN, '1', null, {}])('cannot be expected as %j', async (version) => {
    const work = versioned().delete('a', { version: version as number })
    await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it('cannot be expected without the option', async () => {
    await expect(repository({}).delete('a', { version: 1 })).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })

  it.each([1.5, '1', {}])('cannot be %j in an entity', async (version) => {
    const work = versioned().save({ id: 'a', version: version as number })
    await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})

describe('a deletion', () => {
  it('is not undone by a save', async () => {
    const soft = repository({ softDelete: 'deletedAt' })
    await soft.save({ id: 'a' })
    await soft.delete('a')
    await expect(soft.save({ id: 'a', deletedAt: null })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
  })

  it('is not made by a save', async () => {
    const soft = repository({ softDelete: 'deletedAt' })
    await soft.save({ id: 'a', deletedAt: new Date(0) })
    expect(await soft.exists('a')).toBe(true)
  })
})

describe('audit columns', () => {
  let now = 0
  let user: string | null = 'ada'
  const audited = (more: SqlRepositoryOptions<typeof notes> = {}) =>
    repository({
      timestamps: {
        createdAt: 'createdAt',
        updatedAt: 'updatedAt',
        createdBy: 'createdBy',
        updatedBy: 'updatedBy',
        by: () => user,
      },
      clock: () => now,
      ...more,
    })
  const at = (time: number, by: string | null) => {
    now = time
    user = by
  }

  it('say who made a row when', async () => {
    at(1, 'ada')
    expect(await audited().save({ id: 'a' })).toMatchObject({
      createdAt: new Date(1),
      updatedAt: new Date(1),
      createdBy: 'ada',
      updatedBy: 'ada',
    })
  })

  it.each<readonly [string, SqlRepositoryOptions<typeof notes>]>([
    ['without a version', {}],
    ['with a version', { version: 'version' }],
  ])('say who changed a row, %s', async (_what, options) => {
    at(1, 'ada')
    const saved = await audited(options).save({ id: 'a' })
    at(2, 'bob')
    expect(await audited(options).save({ ...saved, text: 'x', updatedBy: 'eve', createdBy: 'eve' })).toMatchObject({
      createdAt: new Date(1),
      updatedAt: new Date(2),
      createdBy: 'ada',
      updatedBy: 'bob',
    })
  })

  it('say who deleted or restored a row', async () => {
    at(1, 'ada')
    const soft = audited({ softDelete: 'deletedAt' })
    await soft.save({ id: 'a' })
    at(2, 'bob')
    await soft.delete('a')
    const deleted = await soft.find('a', { includeDeleted: true })
    at(3, null)
    await soft.restore('a')
    const restored = await soft.find('a')
    expect([deleted, restored]).toMatchObject([
      { deletedAt: new Date(2), updatedAt: new Date(2), updatedBy: 'bob' },
      { deletedAt: null, updatedAt: new Date(3), updatedBy: null },
    ])
  })

  it('keep a time of creation that the entity has', async () => {
    at(5, 'ada')
    const saved = await audited().save({ id: 'a', createdAt: new Date(1) })
    expect(saved).toMatchObject({ createdAt: new Date(1), updatedAt: new Date(5) })
  })

  it.each([undefined, '', Number.NaN, {}])('need an author, not %j', async (by) => {
    const work = audited({ timestamps: { createdBy: 'createdBy', by: (() => by) as () => string } }).save({ id: 'a' })
    await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})

describe('upsert', () => {
  it('stores by another unique key', async () => {
    const plain = repository({})
    await plain.save({ id: 'a', slug: 's', text: 'old' })
    expect(await plain.upsert({ id: 'b', slug: 's', text: 'new' }, { on: ['slug'] })).toMatchObject({
      id: 'a',
      slug: 's',
      text: 'new',
    })
  })

  it('stores what is new', async () => {
    expect(await repository({}).upsert({ id: 'b', slug: 'n' }, { on: ['slug'] })).toMatchObject({ id: 'b', slug: 'n' })
  })

  it('raises the version although another was given', async () => {
    const versioned = repository({ version: 'version' })
    await versioned.save({ id: 'a', text: 'old' })
    expect(await versioned.upsert({ id: 'a', text: 'new', version: 77 })).toMatchObject({ text: 'new', version: 2 })
  })

  it('does not bring back a row that is deleted', async () => {
    const soft = repository({ softDelete: 'deletedAt' })
    await soft.save({ id: 'a', slug: 's' })
    await soft.delete('a')
    const work = soft.upsert({ id: 'b', slug: 's' }, { on: ['slug'] })
    await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
  })

  it.each([[[]], ['slug'], [['nope']], [['slug', 'slug']], [null]])('refuses the columns %j', async (on) => {
    const work = repository({}).upsert({ id: 'a' }, { on: on as ['slug'] })
    await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})
