import { PGlite } from '@electric-sql/pglite'
import { boolean, doublePrecision, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { and, not, or } from '../../core/specification/combine.ts'
import { fieldEq, fieldExists, fieldGt } from '../../core/specification/field.ts'
import { isSatisfiedBy } from '../../core/specification/satisfies.ts'
import { toSpecification } from '../../core/specification/combine.ts'
import type { SpecificationNode } from '../../core/specification/specification.ts'
import { openDatabase } from '../database.ts'
import { pglite } from '../drivers/pglite/driver.ts'
import type { DbSession } from '../session/session.ts'
import { SqlRepository } from './repository.ts'

const things = pgTable('things', {
  id: integer().primaryKey(),
  word: text(),
  count: integer(),
  ratio: doublePrecision(),
  flag: boolean(),
  at: timestamp({ withTimezone: true }),
  tags: text().array(),
  numbers: integer().array(),
})

const words = ['', 'a', 'A', 'b', 'ab', 'a%b', 'a_b', 'é', 'z', '\u{1F600}', '\uFFFD', `'`, '\\']
const moments = [0, 1, 86_400_000].map((time) => new Date(time))
const generators = {
  word: fc.constantFrom(...words),
  count: fc.integer({ min: -2, max: 2 }),
  ratio: fc.constantFrom(-1, 0, 0.5, 1),
  flag: fc.boolean(),
  at: fc.constantFrom(...moments),
  tags: fc.array(fc.constantFrom(...words), { maxLength: 3 }),
  numbers: fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 3 }),
}
type Field = keyof typeof generators
const elements = { tags: generators.word, numbers: generators.count }

/** Missing fields are undefined: for SQL a column is there when it is not null. */
const entity = fc.record(
  Object.fromEntries(
    Object.entries(generators).map(([key, value]) => [
      key,
      fc.option(value as fc.Arbitrary<unknown>, { nil: undefined }),
    ]),
  ),
) as fc.Arbitrary<Record<string, unknown>>

const operand = (field: Field): fc.Arbitrary<unknown> =>
  field === 'tags' || field === 'numbers' ? fc.oneof(generators[field], elements[field]) : generators[field]

const comparison: fc.Arbitrary<SpecificationNode> = fc
  .constantFrom(...(Object.keys(generators) as Field[]))
  .chain((field) => {
    const ordered = field === 'tags' || field === 'numbers' ? elements[field] : generators[field]
    const text = fc.record({
      kind: fc.constantFrom('contains', 'startsWith'),
      field: fc.constant(field),
      value: generators.word,
    })
    return fc.oneof(
      fc.record({ kind: fc.constantFrom('eq', 'ne'), field: fc.constant(field), value: fc.option(operand(field)) }),
      fc.record({
        kind: fc.constant('in'),
        field: fc.constant(field),
        values: fc.array(fc.option(operand(field)), { maxLength: 3 }),
      }),
      fc.record({ kind: fc.constant('exists'), field: fc.constant(field), value: fc.boolean() }),
      ...(field === 'flag'
        ? []
        : [fc.record({ kind: fc.constantFrom('gt', 'gte', 'lt', 'lte'), field: fc.constant(field), value: ordered })]),
      ...(field === 'word' || field === 'tags' ? [text] : []),
    ) as fc.Arbitrary<SpecificationNode>
  })

const { tree: specification } = fc.letrec<{ tree: SpecificationNode }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparison,
    fc.record({ kind: fc.constantFrom('and', 'or'), operands: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not'), operand: tie('tree') }),
  ),
}))

let instance: PGlite
let session: DbSession
beforeAll(async () => {
  instance = await PGlite.create()
  await instance.exec(`create table things (id int primary key, word text, count int, ratio float8, flag bool,
    at timestamptz, tags text[], numbers int[])`)
  session = (await openDatabase({ drivers: [pglite({ instance })], url: 'pglite:memory' })).session()
}, 60_000)
afterAll(() => instance.close())

type Thing = Record<string, unknown>

const repository = () =>
  new SqlRepository<typeof things, Thing, number>(things, session, {
    toEntity: ({ id }) => ({ id }),
    toRow: (thing) => thing as typeof things.$inferInsert,
  })

describe('a specification in SQL', () => {
  it('is satisfied by the rows that satisfy it in memory', async () => {
    const entities = fc.sample(entity, { numRuns: 60, seed: 7 }).map((fields, id) => ({ ...fields, id }))
    await repository().saveMany(entities)
    await fc.assert(
      fc.asyncProperty(specification, async (node) => {
        const wanted = entities.filter((one) => isSatisfiedBy(toSpecification(node), one)).map(({ id }) => id)
        const found = await repository().findBySpec(toSpecification(node))
        expect(found.map((thing) => thing['id'])).toEqual(wanted)
      }),
      { numRuns: 150 },
    )
  }, 120_000)

  it('treats a missing value as a value, never as unknown', async () => {
    const ids = async (node: Parameters<ReturnType<typeof repository>['findBySpec']>[0]) =>
      (await repository().findBySpec(node)).length
    const total = await repository().count()
    const equal = await ids(fieldEq('count', 1))
    expect(await ids(not(fieldEq('count', 1)))).toBe(total - equal)
    expect(await ids(not(fieldGt('count', 1)))).toBe(total - (await ids(fieldGt('count', 1))))
    expect(await ids(and())).toBe(total)
    expect(await ids(or())).toBe(0)
    expect((await ids(fieldExists('count'))) + (await ids(fieldExists('count', false)))).toBe(total)
  })

  it.each(['nope', 'document.path', '__proto__x', 'toString'])(
    'refuses the field %s, which is no column',
    async (field) => {
      await expect(repository().findBySpec(fieldEq(field, 1))).rejects.toMatchObject({
        code: 'LEX_ERR_USE_001',
        message: expect.stringContaining(field),
      })
    },
  )
})
