import type { Collection } from '../../nosql/collection/collection.ts'
import type { Capabilities, FilterCapabilities } from '../../nosql/contract/capabilities.ts'
import { defineCollection } from '../../nosql/contract/define-collection.ts'
import type { DocumentStore } from '../../nosql/store/document-store.ts'
import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

const unsupported = 'LEX_ERR_NOSQL_009'

/** Predicates for the leaves of `capabilities.filter`, on an indexed path. */
const predicates = {
  eq: { a: 1 },
  in: { a: { $in: [1, 2] } },
  range: { a: { $gt: 1 } },
  ne: { a: { $ne: 1 } },
  exists: { a: { $exists: true } },
  regex: { a: { $regex: '^x' } },
  elemMatch: { a: { $elemMatch: { $gt: 1 } } },
  or: { $or: [{ a: 1 }, { a: 2 }] },
} as const

function declared(store: DocumentStore, name: string): Collection {
  return store.collection(defineCollection(name, { fields: { a: 'number' } }))
}

/** A backend that evaluates the language itself answers everything; the others say what they leave and what they scan. */
async function assertExactness(
  items: Collection,
  leaves: FilterCapabilities,
  evaluates: Capabilities['evaluates'],
): Promise<void> {
  for (const [leaf, exactness] of Object.entries(leaves)) {
    const { scan, residual } = await items.explain(predicates[leaf as keyof typeof predicates])
    const isUnused = scan && evaluates !== 'server'
    const shown = isUnused ? 'none' : residual.length > 0 ? 'superset' : 'exact'
    assertEqual(shown, exactness, `filter.${leaf}`)
  }
}

export const capabilityCases = topic('capabilities', {
  'explain shows the exactness that is declared for undeclared paths': async ({ items, store }) => {
    await items.insertOne({ a: 1 })
    if (store.capabilities.index.create) await items.createIndex('a')
    await assertExactness(items, store.capabilities.filter.undeclared, store.capabilities.evaluates)
  },
  'explain shows the exactness that is declared for declared paths': async ({ store, fresh }) => {
    const items = declared(store, fresh())
    await items.insertOne({ a: 1 })
    if (store.capabilities.index.create) await items.createIndex('a')
    await assertExactness(items, store.capabilities.filter.declared, store.capabilities.evaluates)
  },
  'who sorts is as declared': async ({ store, fresh }) => {
    const items = declared(store, fresh())
    if (store.capabilities.index.create) await items.createIndex('a')
    const { sort } = await items.explain({ a: { $gt: 1 } }, { sort: { a: 1 } })
    const expected = { native: ['native', 'index'], indexed: ['index'], client: ['client'] }[store.capabilities.sort]
    assertEqual(expected.includes(sort), true, `a sort by an indexed path is ${expected.join(' or ')}, not ${sort}`)
  },
  'aggregate, $expr and pipeline updates work, or are refused': async ({ items, store }) => {
    await items.insertMany([
      { _id: 1, team: 'a', n: 1 },
      { _id: 2, team: 'a', n: 2 },
      { _id: 3, team: 'b', n: 4 },
    ])
    const group = [
      { $match: { n: { $gt: 0 } } },
      { $group: { _id: '$team', total: { $sum: '$n' } } },
      { $sort: { _id: 1 } },
    ]
    const aggregate = () => items.aggregate(group).toArray()
    const expression = () => items.find({ $expr: { $gt: ['$n', '$_id'] } }).toArray()
    const update = () => items.updateOne({ _id: 1 }, [{ $set: { double: { $add: ['$n', '$n'] } } }])
    if (store.capabilities.evaluates === 'none') {
      for (const [what, work] of Object.entries({ aggregate, expression, update })) {
        const error = await assertFails(work, unsupported, { what })
        assertEqual(error.hint?.includes('lexigram-edge/nosql/aggregation'), true, 'the hint names the import')
      }
      return
    }
    assertEqual(
      await aggregate(),
      [
        { _id: 'a', total: 3 },
        { _id: 'b', total: 4 },
      ],
      'aggregate',
    )
    assertEqual(await expression(), [{ _id: 3, team: 'b', n: 4 }], '$expr')
    await update()
    assertEqual((await items.findOne({ _id: 1 }))?.['double'], 2, 'a pipeline update')
  },
  'a pipeline reads other collections and writes into them': async ({ items, store, fresh }) => {
    if (store.capabilities.evaluates === 'none') return
    const other = store.collection(fresh())
    await items.insertMany([{ _id: 1, ref: 'x' }, { _id: 2 }])
    await other.insertOne({ _id: 'x', name: 'X' })
    const lookup = { $lookup: { from: other.name, localField: 'ref', foreignField: '_id', as: 'refs' } }
    const joined = await items.aggregate([lookup, { $match: { _id: 1 } }]).toArray()
    assertEqual(joined, [{ _id: 1, ref: 'x', refs: [{ _id: 'x', name: 'X' }] }], '$lookup')
    const target = fresh()
    await items.aggregate([{ $match: { _id: 2 } }, { $out: target }]).toArray()
    assertEqual(await store.collection(target).find({}).toArray(), [{ _id: 2 }], '$out')
    await items.aggregate([{ $merge: { into: target } }]).toArray()
    assertEqual(await store.collection(target).distinct('_id'), [1, 2], '$merge')
  },
  'collations and hints are refused': async ({ items }) => {
    const collation = untyped({ collation: { locale: 'en' } })
    await assertFails(async () => items.find({}, collation).toArray(), unsupported, { what: 'find' })
    await assertFails(async () => items.updateOne({}, { $set: { a: 1 } }, collation), unsupported, {
      what: 'updateOne',
    })
    await assertFails(async () => items.createIndex('a', collation), unsupported, { what: 'createIndex' })
  },
  'the order of keys is kept where that is declared': async ({ items, store }) => {
    await items.insertOne({ _id: 1, o: { z: 1, a: 2 } })
    const { o } = (await items.findOne({})) as unknown as { o: object } // as inserted
    if (store.capabilities.limits.keyOrder) assertEqual(Object.keys(o), ['z', 'a'], 'the keys')
  },
  'declared fields are held to their type': async ({ store, fresh }) => {
    const items = store.collection(defineCollection(fresh(), { fields: { age: 'number' } }))
    await items.insertOne({ _id: 1, age: 3 })
    await items.insertOne({ _id: 2, age: null })
    await items.insertOne({ _id: 3 })
    for (const age of ['3', [3], { years: 3 }]) {
      await assertFails(() => items.insertOne({ age }), 'LEX_ERR_NOSQL_005', { what: JSON.stringify(age) })
    }
    const update = items.updateOne({ _id: 1 }, { $set: { age: 'old' } })
    await assertFails(update, 'LEX_ERR_NOSQL_005', { what: 'updateOne', reason: 'DocumentValidationFailure' })
  },
})
