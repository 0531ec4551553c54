/** Random filters: of every test and every way to combine them, and such as an index answers. */

import fc from 'fast-check'
import type { IndexModel } from '../../../src/nosql/contract/index-model.ts'
import { anything, number, scalar, valuesAt } from './random-documents.ts'

const paths = ['n', 's', 'd', 'f', 'o.n', 'o.m', 'a', 'l.x', 'l.y', 'l', 'o', 'a.0', 'l.0.x', '_id', 'missing']

export const path = fc.constantFrom(...paths)

const operand = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: anything })
/** What begins with a prefix and ends in something else needs more than an interval. */
const pattern = fc.constantFrom(/^a/, /^ab/, /^a.*b$/, /b$/, /^A/i, /^abcdefghijk/)
const comparison = fc.constantFrom('$gt', '$gte', '$lt', '$lte')

const test: fc.Arbitrary<object> = fc.oneof(
  { weight: 6, arbitrary: operand.map((value) => ({ $eq: value })) },
  { weight: 2, arbitrary: operand.map((value) => ({ $ne: value })) },
  { weight: 5, arbitrary: fc.tuple(comparison, operand).map(([name, value]) => ({ [name]: value })) },
  { weight: 2, arbitrary: fc.tuple(number, number).map(([low, high]) => ({ $gte: low, $lt: high })) },
  {
    weight: 4,
    arbitrary: fc.array(fc.oneof({ weight: 9, arbitrary: operand }, pattern), { maxLength: 6 }).map(($in) => ({ $in })),
  },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 4 }).map(($nin) => ({ $nin })) },
  { weight: 2, arbitrary: fc.boolean().map(($exists) => ({ $exists })) },
  { weight: 2, arbitrary: pattern.map(($regex) => ({ $regex })) },
  { weight: 1, arbitrary: fc.constantFrom('number', 'string', 'array', 'null', 'object').map(($type) => ({ $type })) },
  { weight: 1, arbitrary: fc.constant({ $mod: [2, 1] }) },
  { weight: 1, arbitrary: fc.constant({ $bitsAnySet: [0] }) },
  { weight: 1, arbitrary: fc.nat({ max: 2 }).map(($size) => ({ $size })) },
  { weight: 1, arbitrary: fc.array(scalar, { minLength: 1, maxLength: 2 }).map(($all) => ({ $all })) },
  { weight: 1, arbitrary: number.map((value) => ({ $elemMatch: { $gte: value, $ne: 2 } })) },
  { weight: 1, arbitrary: number.map((value) => ({ $elemMatch: { x: value, y: { $ne: 1 } } })) },
)
const clause = fc.tuple(
  path,
  fc.oneof({ weight: 4, arbitrary: test }, { weight: 1, arbitrary: test.map(($not) => ({ $not })) }),
)
const clauses = fc.array(clause, { maxLength: 3 }).map((all) => Object.fromEntries(all))

/** Any filter. */
export const { filter: anyFilter } = fc.letrec<{ filter: object }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 6, arbitrary: clauses },
    { weight: 3, arbitrary: fc.array(tie('filter'), { minLength: 1, maxLength: 4 }).map(($or) => ({ $or })) },
    { weight: 1, arbitrary: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }).map(($and) => ({ $and })) },
    { weight: 1, arbitrary: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }).map(($nor) => ({ $nor })) },
  ),
}))

/** What an index answers of one path. */
const bound = (at: string): fc.Arbitrary<object> => {
  const value = valuesAt[at] ?? scalar
  return fc.oneof(
    { weight: 4, arbitrary: value.map(($eq) => ({ $eq })) },
    { weight: 3, arbitrary: fc.array(value, { minLength: 1, maxLength: 4 }).map(($in) => ({ $in })) },
    { weight: 2, arbitrary: fc.tuple(comparison, value).map(([name, each]) => ({ [name]: each })) },
    { weight: 1, arbitrary: fc.tuple(value, value).map(([$gte, $lt]) => ({ $gte, $lt })) },
    { weight: 1, arbitrary: at === 's' ? pattern.map(($regex) => ({ $regex })) : fc.constant({ $eq: null }) },
    { weight: 1, arbitrary: fc.constantFrom({}, { $ne: 1 }, { $exists: true }) },
  )
}

/** A filter that binds the paths of an index, more or less, and its condition if it has one. */
export function filterFor({ key, partialFilterExpression = {} }: Omit<IndexModel, 'name'>): fc.Arbitrary<object> {
  const all = fc
    .tuple(...key.map(([at]) => bound(at).map((asked) => [at, asked] as const)), fc.nat({ max: 9 }), fc.nat({ max: 3 }))
    .map((drawn): object => {
      const length = drawn.at(-2) as number
      const bounds = (drawn.slice(0, -2) as (readonly [string, object])[]).filter(([, asked]) => Object.keys(asked)[0])
      const kept = Object.fromEntries(bounds.slice(0, 1 + length))
      return drawn.at(-1) === 0 ? kept : { $and: [kept, partialFilterExpression] }
    })
  return fc.oneof(
    { weight: 6, arbitrary: all },
    { weight: 1, arbitrary: fc.array(all, { minLength: 2, maxLength: 4 }).map(($or) => ({ $or })) },
    { weight: 1, arbitrary: fc.tuple(all, clauses).map((both) => ({ $and: both })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(all, fc.array(all, { minLength: 1, maxLength: 3 }))
        .map(([one, $or]) => ({ $and: [one, { $or }] })),
    },
  )
}
