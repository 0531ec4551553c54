import { PGlite } from '@electric-sql/pglite'
import { getTableColumns, sql } from 'drizzle-orm'
import { char, integer, PgDialect, pgTable, text, uuid, varchar } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { and, not, or, toSpecification } from '../../core/specification/combine.ts'
import { fieldEq, fieldExists, fieldGt, fieldIn, fieldNe } from '../../core/specification/field.ts'
import { isSatisfiedBy } from '../../core/specification/satisfies.ts'
import type { Specification, SpecificationNode } from '../../core/specification/specification.ts'
import { openDatabase } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import type { DbSession } from '../session/session.ts'
import { specificationToSql } from './specification-to-sql.ts'

const things = pgTable('things', {
  id: integer().primaryKey(),
  count: integer(),
  word: text(),
  short: varchar({ length: 3 }),
  padded: char({ length: 3 }),
  uuid: uuid(),
})
const rows = [null, 0, 1, 1, 2].map((count, id) => ({ id, count }))

let instance: PGlite
let session: DbSession
beforeAll(async () => {
  instance = await PGlite.create()
  session = (await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })).session()
  await instance.exec(
    `create table things (id int primary key, count int, word text, short varchar(3), padded char(3), uuid uuid)`,
  )
  await session.db.insert(things).values(rows)
}, 60_000)
afterAll(() => instance.close())

async function idsOf(node: SpecificationNode): Promise<number[]> {
  const query = sql`select id from things where ${specificationToSql(node, getTableColumns(things))} order by id`
  return (await session.execute<{ id: number }>(query)).map(({ id }) => id)
}

describe('a specification in SQL', () => {
  it.each<readonly [string, Specification]>([
    ['eq', fieldEq('count', 1)],
    ['gt', fieldGt('count', 0)],
    ['exists', fieldExists('count')],
    ['in', fieldIn('count', [1, null])],
  ])('holds for a row or its negation does, where the column is NULL as well: %s', async (_kind, specification) => {
    const [held, negated] = [await idsOf(specification), await idsOf(not(specification))]
    expect([...held, ...negated].sort()).toEqual(rows.map(({ id }) => id))
  })

  it('a specification of no operands always holds for "and"', async () => {
    expect(await idsOf(and())).toHaveLength(rows.length)
  })

  it('a specification of no operands never holds for "or"', async () => {
    expect(await idsOf(or())).toEqual([])
  })

  it('is in parentheses', () => {
    const { sql: written } = render(or(fieldEq('count', 1), fieldEq('count', 2)))
    expect(written).toMatch(/^\(\(.*\)\)$/)
  })

  it('compares a column as it is, so that its index is used', () => {
    expect(render(fieldEq('count', 1)).sql).toBe('("things"."count" = $1)')
    expect(render(fieldEq('uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')).sql).toBe('("things"."uuid" = $1)')
    expect(render(fieldIn('word', ['a', 'b'])).sql).toBe('(("things"."word" = any($1)))')
  })

  it.each(['count', 'word', 'short', 'padded', 'uuid'] as const)(
    'takes any number of alternatives for the column %s',
    async (field) => {
      const values = Array.from({ length: 70_000 }, (_value, i) => (field === 'count' ? i + 2 : `a${i}`))
      expect(await idsOf(fieldIn(field, values))).toEqual(field === 'count' ? [4] : [])
    },
  )

  it.each([60, 5_000])('answers at a depth of %i', async (depth) => {
    let specification: Specification = fieldEq('count', 2)
    for (let level = 0; level < depth; level++) {
      if (level % 3 === 0) specification = or(fieldEq('count', -level - 1), specification)
      if (level % 3 === 1) specification = and(fieldNe('count', -level - 1), specification, fieldNe('id', -1))
      if (level % 3 === 2) specification = not(specification)
    }
    expect(await idsOf(specification)).toEqual(
      rows.flatMap((row) => (isSatisfiedBy(specification, row) ? [row.id] : [])),
    )
  })

  it('answers where both sides are deep', async () => {
    const chain = (depth: number, end: Specification): Specification => {
      let node = end
      for (let level = 0; level < depth; level++) {
        node = level % 2 === 0 ? or(fieldEq('count', -1), node) : and(fieldNe('count', -1), node)
      }
      return node
    }
    const specification = and(chain(300, fieldGt('count', 0)), not(chain(300, fieldEq('count', 2))))
    expect(await idsOf(specification)).toEqual([2, 3])
  })

  it('is refused when it has too many parts, however small it is in memory', () => {
    let specification = fieldEq('count', 1)
    for (let level = 0; level < 100; level++) {
      specification = level % 2 === 0 ? and(specification, not(specification)) : or(specification, not(specification))
    }
    expect(() => render(specification)).toThrow(
      expect.objectContaining({
        code: 'LEX_ERR_USE_001',
        message: 'a specification of more than 20000 parts cannot become SQL',
      }),
    )
  })

  it.each(['nope', 'document.path', '__proto__x', 'toString', 'constructor'])(
    'is refused for the field %s, which is not a column',
    (field) => {
      expect(() => render(fieldEq(field, 1))).toThrow(
        expect.objectContaining({
          code: 'LEX_ERR_USE_001',
          message: `the field '${field}' cannot be used: the table has no column for it`,
        }),
      )
    },
  )

  it.each<readonly [string, object]>([
    ['an unknown kind', { kind: 'like', field: 'count', value: 1 }],
    ['operands that are not a list', { kind: 'and', operands: 'x' }],
    ['a part that is null', { kind: 'or', operands: [null] }],
    ['a part that is a text', { kind: 'not', operand: 'true' }],
    ['no operand', { kind: 'not' }],
  ])('is refused where it has %s', (_what, node) => {
    expect(() => render(toSpecification(node as SpecificationNode))).toThrow(
      expect.objectContaining({
        code: 'LEX_ERR_USE_001',
        message: 'each part of a specification must be a specification',
      }),
    )
  })
})

function render(specification: Specification) {
  return new PgDialect().sqlToQuery(specificationToSql(specification, getTableColumns(things)))
}
