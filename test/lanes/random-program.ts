/** Random programs: documents, indexes, and steps that ask and change, each with one right answer. */

import fc from 'fast-check'
import type { Collection } from '../../src/nosql/collection/collection.ts'
import type { Document } from '../../src/nosql/query/value.ts'
import { documents, number, scalar } from '../support/planner/random-documents.ts'
import { anyFilter } from '../support/planner/random-filters.ts'

const path = fc.constantFrom('n', 's', 'o.n', 'o.m', 'a', 'a.0', 'l', 'l.0.x', 'new', 'new.deep', '1')
const list = fc.array(scalar, { maxLength: 2 })
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom('$set', '$min', '$max', '$setOnInsert'), path, scalar) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('$inc', '$mul'), path, number) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('$unset'), path, fc.constant('')) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('$rename'), path, fc.constantFrom('renamed', 'o.renamed')) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('$push', '$addToSet'), path, fc.oneof(scalar, pushOf(list))) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('$pull'), path, fc.oneof(scalar, fc.constant({ $gt: 0 }))) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('$pullAll'), path, list) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('$pop'), path, fc.constantFrom(1, -1)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('$bit'), path, fc.constant({ or: 5 })) },
)

function pushOf($each: fc.Arbitrary<unknown[]>): fc.Arbitrary<object> {
  return $each.map((each) => ({ $each: each }))
}

const update = fc.array(operation, { minLength: 1, maxLength: 3 }).map((operations) => {
  const whole: Record<string, Record<string, unknown>> = {}
  for (const [operator, at, operand] of operations) whole[operator] = { ...whole[operator], [at]: operand }
  return whole
})

/** Ties are broken by the `_id`, so that every order is total. */
const sort = fc
  .uniqueArray(fc.tuple(fc.constantFrom('n', 's', 'o.n', 'a', 'd'), fc.constantFrom(1 as const, -1 as const)), {
    maxLength: 2,
    selector: ([at]) => at,
  })
  .map((pairs) => [...pairs, ['_id', 1] as const])

const step = fc.record({
  kind: fc.constantFrom(
    ...(['find', 'find', 'count', 'distinct', 'updateOne', 'updateMany', 'findOneAndUpdate'] as const),
    ...(['findOneAndDelete', 'deleteMany', 'replaceOne', 'upsert'] as const),
  ),
  filter: anyFilter,
  update,
  sort,
  skip: fc.nat({ max: 2 }),
  limit: fc.nat({ max: 4 }),
})

export interface Program {
  readonly documents: readonly Document[]
  readonly indexes: readonly string[]
  readonly steps: readonly Step[]
}
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

export const program: fc.Arbitrary<Program> = fc.record({
  documents,
  indexes: fc.subarray(['n', 's', 'o.n', 'a'], { maxLength: 2 }),
  steps: fc.array(step, { minLength: 1, maxLength: 5 }),
})

/** What a step answers. */
export async function runStep(items: Collection, { kind, filter, update: changes, ...rest }: Step): Promise<unknown> {
  const { sort: keys, skip, limit } = rest
  switch (kind) {
    case 'find':
      return items.find(filter, { sort: keys, skip, limit }).toArray()
    case 'count':
      return items.countDocuments(filter, { skip, limit })
    case 'distinct':
      return (await items.distinct('a', filter)).map(shown).sort()
    case 'updateOne':
      return items.updateOne({ $and: [{ _id: 1 }, filter] }, changes)
    case 'updateMany':
      return items.updateMany(filter, changes)
    case 'findOneAndUpdate':
      return items.findOneAndUpdate(filter, changes, { sort: keys, returnDocument: 'after' })
    case 'findOneAndDelete':
      return items.findOneAndDelete(filter, { sort: keys })
    case 'deleteMany':
      return items.deleteMany(filter)
    case 'replaceOne':
      return items.replaceOne({ _id: 2 }, { n: limit, replaced: [skip] })
    case 'upsert':
      return items.updateOne({ _id: 'new' }, changes, { upsert: true })
  }
}

/** With the order of keys and the types of numbers. */
export function shown(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`
    return inner instanceof Uint8Array ? `bytes ${[...inner].join()}` : inner
  })
}
