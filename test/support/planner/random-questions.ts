/** Random collections and questions about them, in which many documents match and many values are equal. */

import fc from 'fast-check'
import { defineCollection, type CollectionSpec } from '../../../src/nosql/contract/define-collection.ts'
import type { IndexModel } from '../../../src/nosql/contract/index-model.ts'
import type { Document, Value } from '../../../src/nosql/query/value.ts'

/** The fields that a spec may declare; documents keep to all of them. */
const declarable = { n: 'number', s: 'string', d: 'date', f: 'boolean', 'o.n': 'number' } as const

const small = fc.integer({ min: -1, max: 3 })
const number: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: small },
  { weight: 1, arbitrary: fc.bigInt({ min: -1n, max: 3n }) },
  { weight: 1, arbitrary: fc.constantFrom(2n ** 53n + 1n, 2 ** 53, 0.5, -0.5) },
)
const text = fc.constantFrom('', 'a', 'ab', 'b', 'abcdefghijkl', 'abcdefghijkm', 'é', '\u{1f600}')
const date = small.map((time) => new Date(time))
const scalar: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 3, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom(true, false) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: date },
  { weight: 1, arbitrary: small.map((byte) => new Uint8Array([byte + 1])) },
)
const pair: fc.Arbitrary<Document> = fc.record({ x: number, y: scalar }, { requiredKeys: [], noNullPrototype: true })
const list = fc.array(fc.oneof(scalar, scalar, pair, fc.array(scalar, { maxLength: 2 })), { maxLength: 3 })
const anything: fc.Arbitrary<Value> = fc.oneof({ weight: 3, arbitrary: scalar }, list, pair)
const nullable = (value: fc.Arbitrary<Value>) => fc.oneof({ weight: 5, arbitrary: value }, fc.constant(null))

const id: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: 0, max: 60 }),
  fc.constantFrom('a', 'b', 'c/d', 5n, 1n << 60n),
)
const fields = fc.record(
  {
    n: nullable(number),
    s: nullable(text),
    d: nullable(date),
    f: nullable(fc.boolean()),
    o: fc.oneof(fc.record({ n: number, m: anything }, { requiredKeys: [], noNullPrototype: true }), scalar),
    a: anything,
    l: fc.oneof(fc.array(pair, { maxLength: 3 }), anything),
  },
  { requiredKeys: [], noNullPrototype: true },
)
const documents = fc
  .uniqueArray(fc.tuple(id, fields), { maxLength: 24, selector: ([each]) => String(each) })
  .map((all) => all.map(([_id, rest]): Document => ({ _id, ...rest })))

const paths = ['n', 's', 'd', 'f', 'o.n', 'o.m', 'a', 'l.x', 'l.y', 'l', 'o', 'a.0', 'l.0.x', '_id', 'missing'] as const
const path = fc.constantFrom(...paths)
const direction = fc.constantFrom(1 as const, -1 as const)

const operand = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: anything })
const pattern = fc.constantFrom(/^a/, /^ab/, /b$/, /^A/i, /^abcdefghijk/)
const test: fc.Arbitrary<object> = fc.oneof(
  { weight: 6, arbitrary: operand.map((value) => ({ $eq: value })) },
  { weight: 2, arbitrary: operand.map((value) => ({ $ne: value })) },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), operand)
      .map(([name, value]) => ({ [name]: value })),
  },
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
const keyPath = fc.constantFrom('n', 's', 'd', 'f', 'o.n', 'a', 'l.x', '_id')
/** What indexes answer: several values of one path, and others beside it. */
const indexed = fc.tuple(
  keyPath,
  fc.oneof(
    operand.map(($eq) => ({ $eq })),
    fc.array(scalar, { minLength: 1, maxLength: 4 }).map(($in) => ({ $in })),
    fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte'), scalar).map(([name, value]) => ({ [name]: value })),
  ),
)
const allOf = fc.array(indexed, { minLength: 1, maxLength: 3 }).map((clauses) => Object.fromEntries(clauses))

const { filter } = fc.letrec<{ filter: object }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 5, arbitrary: allOf },
    { weight: 2, arbitrary: fc.array(allOf, { minLength: 2, maxLength: 3 }).map(($or) => ({ $or })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(allOf, fc.array(allOf, { minLength: 1, maxLength: 3 }))
        .map(([all, $or]) => ({ ...all, $or })),
    },
    { weight: 6, arbitrary: fc.array(clause, { maxLength: 3 }).map((clauses) => Object.fromEntries(clauses)) },
    { weight: 2, arbitrary: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map(($or) => ({ $or })) },
    { weight: 1, arbitrary: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }).map(($and) => ({ $and })) },
    { weight: 1, arbitrary: fc.array(tie('filter'), { minLength: 1, maxLength: 2 }).map(($nor) => ({ $nor })) },
  ),
}))

const keys = fc.uniqueArray(fc.tuple(keyPath, direction), { minLength: 1, maxLength: 3, selector: ([each]) => each })
const partial = fc.constantFrom<readonly [Record<string, unknown>]>(
  [{ f: true }],
  [{ n: { $gt: 0 } }],
  [{ s: { $exists: true } }],
)
const index: fc.Arbitrary<Omit<IndexModel, 'name'>> = fc.oneof(
  { weight: 4, arbitrary: keys.map((key) => ({ key })) },
  { weight: 1, arbitrary: keys.map((key) => ({ key, sparse: true })) },
  {
    weight: 1,
    arbitrary: fc.tuple(keys, partial).map(([key, [partialFilterExpression]]) => ({ key, partialFilterExpression })),
  },
)

/** A collection, its indexes, and what is asked of it. */
export interface Scene {
  readonly spec: CollectionSpec
  readonly documents: readonly Document[]
  readonly indexes: readonly IndexModel[]
  readonly questions: readonly RawQuestion[]
}

export interface RawQuestion {
  readonly filter: object
  /** Pairs of path and direction; an index's own order more often than not. */
  readonly sort: readonly (readonly [path: string, direction: 1 | -1])[] | undefined
  readonly skip: number
  readonly limit: number
  /** The position behind the document of this number, in the sort. */
  readonly after: number | undefined
}

const order = fc.uniqueArray(fc.tuple(path, direction), { minLength: 1, maxLength: 3, selector: ([each]) => each })
const question = fc.record({
  filter,
  order,
  /** Which index's order is asked for, if any, and which way round. */
  like: fc.option(fc.nat({ max: 2 }), { nil: undefined, freq: 4 }),
  flip: fc.boolean(),
  from: fc.nat({ max: 1 }),
  sorted: fc.boolean(),
  idWay: direction,
  skip: fc.nat({ max: 2 }),
  limit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 5 })),
  after: fc.option(fc.nat({ max: 10 }), { nil: undefined, freq: 1 }),
})

export const scene: fc.Arbitrary<Scene> = fc
  .record({
    declared: fc.subarray(Object.keys(declarable) as (keyof typeof declarable)[]),
    documents,
    indexes: fc.array(index, { maxLength: 3 }),
    questions: fc.array(question, { minLength: 1, maxLength: 4 }),
  })
  .map(({ declared, documents: all, indexes, questions }) => ({
    spec: defineCollection('scene', { fields: Object.fromEntries(declared.map((name) => [name, declarable[name]])) }),
    documents: all,
    indexes: indexes.map((model, at) => ({ ...model, name: `i${at}` })),
    questions: questions.map(({ order: own, like, flip, from, sorted, idWay, ...rest }): RawQuestion => {
      const key = like === undefined ? undefined : indexes[like]?.key.slice(from)
      const asked = key === undefined || key.length === 0 ? own : key
      const pairs = asked
        .filter(([each]) => each !== '_id')
        .map(([each, way]) => [each, flip ? (way === 1 ? -1 : 1) : way] as const)
      return { ...rest, sort: sorted ? [...pairs, ['_id', idWay]] : undefined }
    }),
  }))
