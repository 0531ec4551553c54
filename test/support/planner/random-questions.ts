/** Random collections with indexes, and questions about them. */

import fc from 'fast-check'
import { defineCollection, type CollectionSpec } from '../../../src/nosql/contract/define-collection.ts'
import type { IndexDirection, IndexModel } from '../../../src/nosql/contract/index-model.ts'
import type { Document } from '../../../src/nosql/query/value.ts'
import { declarable, documents } from './random-documents.ts'
import { anyFilter, filterFor, path } from './random-filters.ts'

/** A collection, its indexes, and what is asked of it. */
export interface Scene {
  readonly spec: CollectionSpec
  readonly documents: readonly Document[]
  readonly indexes: readonly IndexModel[]
  readonly questions: readonly RawQuestion[]
}

export interface RawQuestion {
  readonly filter: object
  readonly sort: readonly (readonly [path: string, direction: IndexDirection])[] | undefined
  readonly skip: number
  readonly limit: number
  /** The position after the document of this number, in the sort. */
  readonly after: number | undefined
}

const direction = fc.constantFrom(1 as const, -1 as const)
const order = fc.uniqueArray(fc.tuple(path, direction), { maxLength: 3, selector: ([each]) => each })

const keyPath = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('n', 's', 'f', 'o.n') },
  fc.constantFrom('d', 'a', 'l.x', '_id', 'a.0'),
)
const keys = fc.uniqueArray(fc.tuple(keyPath, direction), { minLength: 1, maxLength: 3, selector: ([each]) => each })
const condition = fc.constantFrom<readonly Record<string, unknown>[]>(
  ...[{ f: true }, { n: { $gt: 0 } }, { s: { $exists: true } }].map((each) => [each]),
)
const index: fc.Arbitrary<Omit<IndexModel, 'name'>> = fc.oneof(
  { weight: 6, arbitrary: keys.map((key) => ({ key })) },
  { weight: 1, arbitrary: keys.map((key) => ({ key, sparse: true })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(keys, condition)
      .map(([key, [partialFilterExpression = {}]]) => ({ key, partialFilterExpression })),
  },
)

const counts = {
  skip: fc.nat({ max: 2 }),
  limit: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 5 })),
  after: fc.option(fc.nat({ max: 20 }), { nil: undefined, freq: 2 }),
}

const anyQuestion: fc.Arbitrary<RawQuestion> = fc
  .record({ filter: anyFilter, order, idWay: direction, sorted: fc.boolean(), ...counts })
  .map(({ order: pairs, idWay, sorted, ...rest }) => ({ ...rest, sort: sorted ? withId(pairs, idWay) : undefined }))

/** Asks for what the index has: its paths, and its order, one way or the other, with its first paths or without. */
function questionFor(model: Omit<IndexModel, 'name'>): fc.Arbitrary<RawQuestion> {
  return fc
    .record({
      filter: filterFor(model),
      from: fc.nat({ max: 2 }),
      flip: fc.boolean(),
      idWay: fc.nat({ max: 4 }),
      ...counts,
    })
    .map(({ from, flip, idWay, ...rest }) => {
      const pairs = model.key.slice(from).map(([each, way]) => [each, flip ? turned(way) : way] as const)
      return { ...rest, sort: withId(pairs, idWay === 0 ? -1 : 1) }
    })
}

const turned = (way: IndexDirection): IndexDirection => (way === 1 ? -1 : 1)

function withId(pairs: readonly (readonly [string, IndexDirection])[], way: IndexDirection) {
  return pairs.some(([each]) => each === '_id') ? pairs : [...pairs, ['_id', way] as const]
}

export const scene: fc.Arbitrary<Scene> = fc
  .record({
    declared: fc.subarray(Object.keys(declarable) as (keyof typeof declarable)[]),
    documents,
    indexes: fc.array(index, { maxLength: 3 }),
  })
  .chain(({ declared, documents: all, indexes }) => {
    const about = indexes.map((model) => ({ weight: 2, arbitrary: questionFor(model) }))
    return fc
      .array(fc.oneof({ weight: 3, arbitrary: anyQuestion }, ...about), { minLength: 1, maxLength: 4 })
      .map((questions) => ({
        spec: defineCollection('scene', {
          fields: Object.fromEntries(declared.map((name) => [name, declarable[name]])),
        }),
        documents: all,
        indexes: indexes.map((model, at) => ({ ...model, name: `i${at}` })),
        questions,
      }))
  })
