/** Random programs: documents, indexes, and steps that ask and change, each with one right answer. */

import fc from 'fast-check'
import type { Page } from '../../src/core/repository/options.ts'
import type { Collection } from '../../src/nosql/collection/collection.ts'
import type { DocumentStore } from '../../src/nosql/store/document-store.ts'
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

/** Paths that do not lie within each other: some backends would keep the first of two, others the last. */
const projection = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  fc
    .tuple(fc.subarray(['n', 's', 'o.n', 'o.m', 'a', 'l.x', '_id'], { minLength: 1 }), fc.constantFrom(0, 1))
    .map(([paths, kept]) => Object.fromEntries(paths.map((each) => [each, kept]))),
)

/** Changes of the elements that a name stands for. */
const elements = fc.record({
  update: fc
    .tuple(fc.constantFrom('$set', '$inc', '$unset', '$min'), fc.constantFrom('a.$[e]', 'l.$[e].x', 'l.$[].x'), number)
    .map(([operator, at, operand]) => ({ [operator]: { [at]: operand } })),
  filter: fc.constantFrom({ e: { $gte: 0 } }, { 'e.x': { $lt: 2 } }, { e: { $exists: true } }),
})

const step = fc.record({
  kind: fc.constantFrom(
    ...(['find', 'find', 'count', 'distinct', 'updateOne', 'updateMany', 'findOneAndUpdate'] as const),
    ...(['findOneAndDelete', 'deleteMany', 'replaceOne', 'upsert', 'pages', 'elements', 'bulkWrite'] as const),
    ...(['findOneAndReplace', 'upsertMany', 'counting', 'sorting', 'boundedCount', 'transaction'] as const),
  ),
  filter: anyFilter,
  update,
  projection,
  elements,
  returnDocument: fc.constantFrom('before' as const, 'after' as const),
  ordered: fc.boolean(),
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
export async function runStep(store: Store, name: string, given: Step): Promise<unknown> {
  const { kind, filter, update: changes, ...rest } = given
  const { sort: keys, skip, limit, projection: fields, returnDocument, ordered } = rest
  const items = store.collection(name)
  switch (kind) {
    case 'find':
      return items.find(filter, { sort: keys, skip, limit, projection: fields }).toArray()
    case 'pages':
      return pagesOf(items, filter, { sort: keys, limit: limit + 1 })
    case 'elements':
      return items.updateMany(filter, rest.elements.update, { arrayFilters: arrayFiltersOf(rest.elements) })
    case 'bulkWrite':
      return items.bulkWrite(
        [
          { updateOne: { filter: { $and: [{ _id: 1 }, filter] }, update: changes } },
          { updateMany: { filter, update: rest.elements.update, arrayFilters: arrayFiltersOf(rest.elements) } },
          { deleteOne: { filter: { _id: skip } } },
          { replaceOne: { filter: { _id: 'bulk' }, replacement: { n: limit }, upsert: true } },
        ],
        { ordered },
      )
    case 'findOneAndReplace':
      return items.findOneAndReplace(filter, { n: limit }, { sort: keys, returnDocument, projection: fields })
    case 'upsertMany':
      return items.updateMany({ _id: 'many', n: skip }, changes, { upsert: true })
    case 'counting':
      return items.aggregate([{ $match: filter }, { $count: 'total' }]).toArray()
    case 'sorting':
      return items
        .aggregate([{ $match: filter }, { $sort: Object.fromEntries(keys) }, { $skip: skip }, { $limit: limit + 1 }])
        .toArray()
    case 'boundedCount':
      return items.countDocuments(filter, { skip, limit, budget: { maxDocuments: 1000 } })
    case 'transaction':
      return store.transaction(async (tx) => {
        const inside = tx.collection(name)
        const first = await inside.updateOne({ $and: [{ _id: 1 }, filter] }, changes)
        const found = await inside.find(filter, { sort: keys, skip, limit, projection: fields }).toArray()
        const second = await inside.updateMany(filter, changes)
        return [first, found, second, await inside.countDocuments(filter)]
      })
    case 'count':
      return items.countDocuments(filter, { skip, limit })
    case 'distinct':
      // Of equal numbers, any may stand for all.
      return (await items.distinct('a', filter)).map((value) => shown(value).replaceAll(/"(-?\d+)n"/g, '$1')).sort()
    case 'updateOne':
      return items.updateOne({ $and: [{ _id: 1 }, filter] }, changes)
    case 'updateMany':
      return items.updateMany(filter, changes)
    case 'findOneAndUpdate':
      return items.findOneAndUpdate(filter, changes, { sort: keys, returnDocument, projection: fields })
    case 'findOneAndDelete':
      return items.findOneAndDelete(filter, { sort: keys, projection: fields })
    case 'deleteMany':
      return items.deleteMany(filter)
    case 'replaceOne':
      return items.replaceOne({ _id: 2 }, { n: limit, replaced: [skip] })
    case 'upsert':
      return items.updateOne({ _id: 'new' }, changes, { upsert: true })
  }
}

type Store = Pick<DocumentStore, 'collection' | 'transaction'>

/** Undefined where no name stands for elements. */
function arrayFiltersOf({ update: changes, filter }: Step['elements']): object[] | undefined {
  return Object.values(changes).some((paths) => Object.keys(paths).join().includes('[e]')) ? [filter] : undefined
}

/** All pages, each asked for by the cursor of the one before. */
async function pagesOf(items: Collection, filter: object, options: { sort: Step['sort']; limit: number }) {
  const pages: unknown[] = []
  let after: string | null = null
  do {
    const page: Page<Document> = await items.findPage(filter, { ...options, after })
    pages.push(page.items)
    after = page.next
  } while (after !== null)
  return pages
}

/** With the order of keys and the types of numbers. */
export function shown(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return `${inner}n`
    return inner instanceof Uint8Array ? `bytes ${[...inner].join()}` : inner
  })
}
