import { PGlite } from '@electric-sql/pglite'
import { sql } from 'drizzle-orm'
import { foreignKey, integer, pgTable, text, type AnyPgColumn, type PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../database.ts'
import { pglite } from '../../drivers/pglite/driver.ts'
import { SqlRepository } from '../../repository/repository.ts'
import type { DbSession } from '../session.ts'
import { inOrderOfReferences } from './reference-order.ts'

const places = pgTable('places', { id: text().primaryKey(), inside: text().references((): AnyPgColumn => places.id) })
const teams = pgTable('teams', { id: text().primaryKey(), lead: text().references((): AnyPgColumn => people.id) })
const people = pgTable('people', { id: text().primaryKey(), team: text().references((): AnyPgColumn => teams.id) })
const badges = pgTable('badges', { id: text().primaryKey(), owner: text().references(() => people.id) })
const pages = pgTable('pages', { book: integer(), n: integer(), before: integer() }, (table) => [
  foreignKey({ columns: [table.book, table.before], foreignColumns: [table.book, table.n] }),
])

let instance: PGlite
let session: DbSession
beforeAll(async () => {
  instance = await PGlite.create()
  session = (await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })).session()
  await session.batch([
    sql`create table places (id text primary key, inside text references places)`,
    sql`create table teams (id text primary key, lead text)`,
    sql`create table people (id text primary key, team text references teams)`,
    sql`create table badges (id text primary key, owner text references people)`,
    sql`create table pages (book int, n int, before int, unique (book, n), foreign key (book, before) references pages (book, n))`,
  ])
}, 60_000)
afterAll(() => instance.close())
beforeEach(async () => {
  await session.batch([
    sql`truncate places, teams, people, badges, pages`,
    sql`alter table teams drop constraint if exists lead`,
    sql`alter table teams add constraint lead foreign key (lead) references people`,
  ])
})

const repositories = () => ({
  places: new SqlRepository(places, session, { toEntity: (row) => row, toRow: (row) => row }),
  teams: new SqlRepository(teams, session, { toEntity: (row) => row, toRow: (row) => row }),
  people: new SqlRepository(people, session, { toEntity: (row) => row, toRow: (row) => row }),
  badges: new SqlRepository(badges, session, { toEntity: (row) => row, toRow: (row) => row }),
})

describe('rows of a unit of work', () => {
  it('rows of a table that refers to itself are stored after those that they refer to', async () => {
    const { places: repository } = repositories()
    await session.atomic((unit) => {
      repository.saveIn(unit, { id: 'shelf', inside: 'room' })
      repository.saveIn(unit, { id: 'room', inside: 'house' })
      repository.saveIn(unit, { id: 'house', inside: null })
      repository.saveIn(unit, { id: 'self', inside: 'self' })
    })
    expect(await repository.count()).toBe(4)
  })

  it('rows of tables in a circle are stored where the rows have an order', async () => {
    const { teams: teamRows, people: peopleRows, badges: badgeRows } = repositories()
    await session.atomic((unit) => {
      badgeRows.saveIn(unit, { id: 'badge', owner: 'ann' })
      teamRows.saveIn(unit, { id: 'led', lead: 'ann' })
      peopleRows.saveIn(unit, { id: 'bob', team: 'led' })
      peopleRows.saveIn(unit, { id: 'ann', team: 'free' })
      teamRows.saveIn(unit, { id: 'free', lead: null })
    })
    expect([await teamRows.count(), await peopleRows.count(), await badgeRows.count()]).toEqual([2, 2, 1])
  })

  it('rows that refer by a key of several columns have an order, too', async () => {
    await session.atomic((unit) => {
      for (const row of [
        { book: 1, n: 2, before: 1 },
        { book: 1, n: 1, before: null },
      ]) {
        unit.add(session.db.insert(pages).values(row), { stores: pages, row })
      }
    })
    expect(await session.db.$count(pages)).toBe(2)
  })

  it('rows of a unit of work that refer to each other are refused with the circle', async () => {
    const { teams: teamRows, people: peopleRows } = repositories()
    const stored = session.atomic((unit) => {
      teamRows.saveIn(unit, { id: 'led', lead: 'ann' })
      peopleRows.saveIn(unit, { id: 'ann', team: 'led' })
    })
    await expect(stored).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_010',
      details: { circle: ['teams', 'people', 'teams'] },
      hint: expect.stringContaining('deferrable initially deferred') as string,
    })
  })

  it('rows of a unit of work that refer to each other are stored where the constraint is deferred', async () => {
    await session.batch([
      sql`alter table teams drop constraint lead`,
      sql`alter table teams add constraint lead foreign key (lead) references people deferrable initially deferred`,
    ])
    const { teams: teamRows, people: peopleRows } = repositories()
    await session.atomic((unit) => {
      peopleRows.saveIn(unit, { id: 'ann', team: 'led' })
      teamRows.saveIn(unit, { id: 'led', lead: 'ann' })
    })
    expect(await peopleRows.count()).toBe(1)
  })

  it('rows of a unit of work that refer to one which is missing are refused without a circle', async () => {
    const { places: repository } = repositories()
    const stored = session.atomic((unit) => repository.saveIn(unit, { id: 'shelf', inside: 'nowhere' }))
    const error: unknown = await stored.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'LEX_ERR_SQL_010' })
    expect(error).not.toMatchObject({ details: { circle: expect.anything() as unknown } })
  })

  it('are deleted after those that refer to them', async () => {
    const { people: peopleRows, badges: badgeRows } = repositories()
    await peopleRows.save({ id: 'ann', team: null })
    await badgeRows.save({ id: 'badge', owner: 'ann' })
    await session.atomic((unit) => {
      peopleRows.deleteIn(unit, 'ann')
      badgeRows.deleteIn(unit, 'badge')
    })
    expect(await peopleRows.count()).toBe(0)
  })

  it('rows of a unit of work whose deletion a circle forbids are refused with it', async () => {
    const { places: repository } = repositories()
    await repository.saveMany([
      { id: 'house', inside: null },
      { id: 'room', inside: 'house' },
    ])
    const deleted = session.atomic((unit) => {
      repository.deleteIn(unit, 'house')
      repository.deleteIn(unit, 'room')
    })
    await expect(deleted).rejects.toMatchObject({
      code: 'LEX_ERR_SQL_010',
      details: { circle: ['places', 'places'] },
      hint: expect.stringContaining('deleteMany') as string,
    })
  })
})

describe('a circle of tables', () => {
  it('is not named for a row that only another one refers to', async () => {
    const { places: repository } = repositories()
    await repository.saveMany([
      { id: 'house', inside: null },
      { id: 'room', inside: 'house' },
    ])
    const deleted = session.atomic((unit) => repository.deleteIn(unit, 'house'))
    const error: unknown = await deleted.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'LEX_ERR_SQL_010', details: { table: 'places' } })
    expect(error).not.toMatchObject({ details: { circle: expect.anything() as unknown } })
  })
})

describe('the order of references', () => {
  it('puts what refers to a circle after all of it', () => {
    const reference = (name: string, ...to: (() => PgTable)[]) =>
      pgTable(name, { id: integer(), ...Object.fromEntries(to.map((_, i) => [`r${i}`, integer()])) }, (table) =>
        to.map((target, i) => {
          const columns = table as unknown as Record<string, AnyPgColumn>
          return foreignKey({
            columns: [columns[`r${i}`]!],
            get foreignColumns(): [AnyPgColumn] {
              return [(target() as unknown as Record<string, AnyPgColumn>)['id']!]
            },
          })
        }),
      )
    const x1: PgTable = reference('x1')
    const x2: PgTable = reference('x2', () => x1)
    const x3: PgTable = reference('x3', () => x2)
    const a: PgTable = reference(
      'a',
      () => b,
      () => x3,
    )
    const b: PgTable = reference('b', () => a)
    const c: PgTable = reference(
      'c',
      () => a,
      () => b,
    )
    const order = inOrderOfReferences([c, b, a, x3, x1].map((stores) => ({ stores })))
    expect(order.at(-1)?.stores).toBe(c)
    expect(order.slice(0, 2).map(({ stores }) => stores)).toEqual([x1, x3])
  })

  it('is found for thousands of rows at once', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ id: `${i}`, inside: i === 19_999 ? null : `${i + 1}` }))
    const order = inOrderOfReferences(rows.map((row) => ({ stores: places, row })))
    expect(order.at(0)?.row.id).toBe('19999')
    expect(order.at(-1)?.row.id).toBe('0')
  })
})
