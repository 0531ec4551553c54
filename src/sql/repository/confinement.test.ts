import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { and, or } from '../../core/specification/combine.ts'
import { fieldEq, fieldExists } from '../../core/specification/field.ts'
import type { Specification } from '../../core/specification/specification.ts'
import { openDatabase } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import type { TransactionalDbSession } from '../session/session.ts'
import { SqlRepository } from './repository.ts'

const notes = pgTable('notes', {
  id: text().primaryKey(),
  text: text().notNull(),
  // Required by the table, and kept by the repository.
  tenant: text().notNull(),
  version: integer().notNull(),
  deletedAt: timestamp(),
})
interface Note {
  readonly id: string
  readonly text: string
  readonly tenant?: string
  readonly version?: number
}

let instance: PGlite
let session: TransactionalDbSession
beforeAll(async () => {
  instance = await PGlite.create()
  session = (await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })).session()
  await instance.exec(`create table notes (id text primary key, text text not null, tenant text not null,
    version int not null, "deletedAt" timestamp)`)
}, 60_000)
afterAll(() => instance.close())
beforeEach(() => instance.exec(`delete from notes`))

function notesOf(tenant: unknown) {
  return new SqlRepository<typeof notes, Note, string>(
    notes,
    session,
    { toEntity: ({ id, text, version }) => ({ id, text, version }), toRow: (note) => note },
    { tenant: { field: 'tenant', id: tenant as string }, version: 'version', softDelete: 'deletedAt' },
  )
}

const everything = and() as Specification<Note>
const failure = (work: Promise<unknown>) =>
  work.then(
    (value) => value,
    (error: { code?: string }) => error.code,
  )

describe('a repository of a tenant', () => {
  it('stores entities that know neither tenant, version nor deletion', async () => {
    expect(await notesOf('x').save({ id: 'a', text: 'A' })).toEqual({ id: 'a', text: 'A', version: 1 })
  })

  it.each<readonly [string, Specification<Note>]>([
    ['everything', everything],
    ['an alternative', or(fieldEq<Note>('tenant', 'y'), everything)],
    ['a negation', fieldEq<Note>('tenant', 'x').not()],
    ['what exists', fieldExists<Note>('id')],
  ])('sees its own rows only, whatever is asked for: %s', async (_what, specification) => {
    await notesOf('y').saveMany([
      { id: 'a', text: 'A' },
      { id: 'b', text: 'B' },
    ])
    const own = notesOf('x')
    expect(await own.findBySpec(specification)).toEqual([])
    expect((await own.page({ where: specification })).items).toEqual([])
    expect(await own.count(specification)).toBe(0)
  })

  it('does not save an entity that names another', async () => {
    const work = notesOf('x').save({ id: 'a', text: 'A', tenant: 'y' })
    expect(await failure(work)).toBe('LEX_ERR_DOM_003')
  })

  it('saves an entity that names it', async () => {
    await notesOf('x').save({ id: 'a', text: 'A', tenant: 'x' })
    expect(await notesOf('x').exists('a')).toBe(true)
  })

  it('asks for its tenant once per call', async () => {
    let calls = 0
    const counted = notesOf(() => `tenant${++calls}`)
    await counted.save({ id: 'a', text: 'A' })
    await counted.saveMany([{ id: 'b', text: 'B' }])
    await counted.page()
    await counted.delete('a')
    expect(calls).toBe(4)
  })

  it.each<readonly [string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['an empty text', ''],
    ['NaN', Number.NaN],
    ['infinity', Infinity],
    ['a boolean', true],
    ['an object', { id: 'x' }],
    ['an array', ['x']],
    ['a promise', Promise.resolve('x')],
    ['a symbol', Symbol('x')],
    ['a bigint', 1n],
    ['a function of it', () => () => 'x'],
  ])('fails on every path when its tenant is %s', async (_what, tenant) => {
    for (const repository of [notesOf(tenant), notesOf(() => tenant)]) {
      const unit = session.unitOfWork()
      const paths: (() => unknown)[] = [
        () => repository.find('a'),
        () => repository.get('a'),
        () => repository.exists('a'),
        () => repository.findBySpec(everything),
        () => repository.list(),
        () => repository.page(),
        () => repository.stream().next(),
        () => repository.count(),
        () => repository.save({ id: 'a', text: 'A' }),
        () => repository.saveMany([{ id: 'a', text: 'A' }]),
        () => repository.upsert({ id: 'a', text: 'A' }),
        () => repository.delete('a'),
        () => repository.deleteMany(['a']),
        () => repository.restore('a'),
        async () => repository.saveIn(unit, { id: 'a', text: 'A' }),
        async () => repository.deleteIn(unit, 'a'),
      ]
      for (const path of paths) {
        await expect(Promise.resolve().then(path)).rejects.toMatchObject({
          code: 'LEX_ERR_USE_001',
          message: 'the tenant of a repository must be a non-empty text or a finite number',
        })
      }
    }
  })
})

describe('a condition of a repository', () => {
  const drizzle = sql`true or true`

  it.each<readonly [string, unknown, RegExp]>([
    ['an expression of Drizzle', drizzle, /session\.db/],
    ['a column', notes.id, /session\.db/],
    ['undefined', undefined, /and\(\)/],
    ['null', null, /and\(\)/],
    ['a text', 'true', /fieldEq/],
    ['true', true, /fieldEq/],
    ['a function', () => everything, /fieldEq/],
    ['an object', {}, /fieldEq/],
    ['an array', [everything], /fieldEq/],
    ['plain data', { kind: 'and', operands: [] }, /toSpecification/],
    ['data with the methods as keys', { kind: 'and', operands: [], and: () => everything }, /toSpecification/],
  ])('cannot be %s', async (_what, condition, hint) => {
    const refused = { code: 'LEX_ERR_USE_001', message: 'a condition of a repository must be a specification' }
    const own = notesOf('x')
    for (const work of [
      () => own.findBySpec(condition as Specification<Note>),
      () => own.page({ where: condition as Specification<Note> }),
      () => own.stream({ where: condition as Specification<Note> }).next(),
      ...(condition === undefined ? [] : [() => own.count(condition as Specification<Note>)]),
    ]) {
      await expect(work()).rejects.toMatchObject({ ...refused, hint: expect.stringMatching(hint) })
    }
  })

  it('is in parentheses beside the tenant', async () => {
    await notesOf('y').save({ id: 'a', text: 'A' })
    await notesOf('x').save({ id: 'b', text: 'B' })
    const alternative = or(fieldEq<Note>('id', 'a'), fieldEq<Note>('id', 'b'))
    expect((await notesOf('x').findBySpec(alternative)).map(({ id }) => id)).toEqual(['b'])
  })
})
