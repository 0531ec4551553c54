/** Random filters and updates of the kinds in which another, independent implementation is right. */

import fc from 'fast-check'
import { Query, update as mingoUpdate } from 'mingo'
import { describe, expect, it } from 'vitest'
import { DocumentValidationError } from '../errors.ts'
import { identicalValues } from './compare.ts'
import { compileFilter } from './filter/compile-filter.ts'
import { parseFilter } from './filter/parse-filter.ts'
import { applyUpdate } from './update/apply-update.ts'
import { parseUpdate } from './update/parse-update.ts'
import { copyValue, type Document, type Value } from './value.ts'

const number = fc.integer({ min: -2, max: 4 })
const scalar: fc.Arbitrary<Value> = fc.oneof(number, fc.constantFrom('a', 'b', 'ab'), fc.boolean())
const list = fc.uniqueArray(scalar, { maxLength: 3 })
const flat: fc.Arbitrary<Document> = fc.record({ x: scalar, y: number }, { requiredKeys: [], noNullPrototype: true })
const field: fc.Arbitrary<Value> = fc.oneof(scalar, list, flat, fc.array(flat, { maxLength: 2 }))
const objects = fc.array(flat, { maxLength: 2 })
const document: fc.Arbitrary<Document> = fc
  .record({ a: field, b: field, c: flat, list, objects }, { requiredKeys: ['list', 'objects'], noNullPrototype: true })
  .map((fields) => ({ _id: 1, ...fields }))

const path = fc.constantFrom('a', 'b', 'a.x', 'a.y', 'b.x', 'c.x', 'c.y', 'a.0', 'a.1.x')
const comparison: fc.Arbitrary<Document> = fc.oneof(
  scalar.map((value) => ({ $eq: value })),
  scalar.map((value) => ({ $ne: value })),
  fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), number).map(([name, value]) => ({ [name]: value })),
  fc.array(scalar, { maxLength: 3 }).map((values) => ({ $in: values })),
  fc.array(scalar, { maxLength: 3 }).map((values) => ({ $nin: values })),
)
const test: fc.Arbitrary<Document> = fc.oneof(
  comparison,
  fc.tuple(comparison, comparison).map(([one, other]) => ({ ...one, ...other })),
  comparison.map((inner) => ({ $not: inner })),
  fc.boolean().map((exists) => ({ $exists: exists })),
  fc.constantFrom('a', '^a', 'b$').map((pattern) => ({ $regex: pattern })),
)
/** Of one array: mingo flattens arrays on the way, takes scalars for arrays in `$all`, and for objects in `$elemMatch`. */
const ofArray: fc.Arbitrary<Document> = fc.oneof(
  fc.nat({ max: 3 }).map((size) => ({ list: { $size: size } })),
  comparison.map((inner) => ({ list: { $elemMatch: inner } })),
  fc.array(scalar, { minLength: 1, maxLength: 2 }).map((values) => ({ list: { $all: values } })),
  fc.tuple(comparison, comparison).map(([x, y]) => ({ objects: { $elemMatch: { x, y } } })),
)
const { filter } = fc.letrec<{ filter: Document }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.tuple(path, test).map(([at, asked]) => ({ [at]: asked })),
    fc.tuple(path, scalar).map(([at, value]) => ({ [at]: value })),
    ofArray,
    fc
      .tuple(fc.constantFrom('$and', '$or', '$nor'), fc.array(tie('filter'), { minLength: 1, maxLength: 3 }))
      .map(([name, filters]) => ({ [name]: filters })),
  ),
}))

const name = fc.constantFrom('a', 'b', 'd', 'list')
const at = <T extends Value>(operator: string, target: fc.Arbitrary<string>, operand: fc.Arbitrary<T>) =>
  fc.tuple(target, operand).map(([key, value]): Document => ({ [operator]: { [key]: value } }))
const sliced = fc.tuple(list, fc.integer({ min: -3, max: 3 })).map(([each, slice]) => ({ $each: each, $slice: slice }))
const update: fc.Arbitrary<Document> = fc.oneof(
  at('$set', fc.constantFrom('a', 'b', 'd', 'c.x', 'c.z'), field),
  at('$unset', fc.constantFrom('a', 'b', 'c.x', 'd'), fc.constant('')),
  at('$inc', name, number),
  // mingo makes -0.
  at('$mul', name, fc.integer({ min: 1, max: 3 })),
  at('$push', name, scalar),
  // mingo compares classes of values in another order, and ignores the slice of a missing field.
  at('$min', fc.constantFrom('c.y', 'd'), number),
  at('$max', fc.constantFrom('c.y', 'd'), number),
  at('$push', fc.constant('list'), sliced),
  // It also takes an array that has an element twice for one that needs nothing added.
  at('$addToSet', fc.constant('list'), scalar),
  at('$pop', name, fc.constantFrom(1, -1)),
  at('$pull', name, scalar),
  at('$pullAll', name, list),
)

describe('agreement with mingo', { timeout: 60_000 }, () => {
  it('holds for filters', () => {
    fc.assert(
      fc.property(fc.array(document, { minLength: 10, maxLength: 10 }), filter, (documents, asked) => {
        const matches = compileFilter(parseFilter(asked))
        const query = new Query(asked)
        for (const given of documents) expect(matches(given)).toBe(query.test({ ...given }))
      }),
      { numRuns: 6000 },
    )
  })

  it('holds for updates that both can apply', () => {
    let applied = 0
    fc.assert(
      fc.property(fc.array(document, { minLength: 10, maxLength: 10 }), update, (documents, change) => {
        const parsed = parseUpdate(change)
        for (const given of documents) {
          const outcome = ours(() => applyUpdate(parsed, given, { now: new Date(0) }).document)
          if (outcome === undefined) continue
          const expected = copyValue(given)
          mingoUpdate(expected, change)
          // The matcher of vitest costs more than all the rest: it only shows a difference.
          if (!identicalValues(outcome, expected)) expect(outcome).toStrictEqual(expected)
          applied++
        }
      }),
      { numRuns: 5000 },
    )
    expect(applied).toBeGreaterThan(30_000)
  })
})

function ours(work: () => Document): Document | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof DocumentValidationError) return undefined
    throw error
  }
}
