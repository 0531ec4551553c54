import type { Collection } from '../../nosql/collection/collection.ts'
import type { OperationOptions } from '../../nosql/collection/checks/operation-options.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

type Operation = (items: Collection, options: OperationOptions) => Promise<unknown>

/** One of each kind: all begin in the same place. */
const operations: Readonly<Record<string, Operation>> = {
  find: (items, options) => items.find({}, options).toArray(),
  findOne: (items, options) => items.findOne({ _id: 1 }, options),
  findPage: (items, options) => items.findPage({}, options),
  countDocuments: (items, options) => items.countDocuments({}, options),
  distinct: (items, options) => items.distinct('n', {}, options),
  insertOne: (items, options) => items.insertOne({ _id: 3 }, options),
  insertMany: (items, options) => items.insertMany([{ _id: 3 }, { _id: 4 }], options),
  updateOne: (items, options) => items.updateOne({ _id: 1 }, { $inc: { n: 1 } }, options),
  updateMany: (items, options) => items.updateMany({}, { $inc: { n: 1 } }, options),
  'an upsert': (items, options) => items.updateOne({ _id: 3 }, { $inc: { n: 1 } }, { ...options, upsert: true }),
  replaceOne: (items, options) => items.replaceOne({ _id: 1 }, { n: 9 }, options),
  deleteOne: (items, options) => items.deleteOne({ _id: 1 }, options),
  deleteMany: (items, options) => items.deleteMany({}, options),
  findOneAndUpdate: (items, options) => items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, options),
  bulkWrite: (items, options) =>
    items.bulkWrite([{ insertOne: { document: { _id: 3 } } }, { deleteOne: { filter: { _id: 1 } } }], options),
}

const stored = [
  { _id: 1, n: 1 },
  { _id: 2, n: 2 },
]

const left = (items: Collection) => items.find({}, { sort: '_id' }).toArray()

export const endingCases = topic('signals and deadlines', {
  'nothing is done for a caller that has left, who gets the reason': async ({ items }) => {
    await items.insertMany(stored)
    const reason = new Error('the caller has left')
    const signal = AbortSignal.abort(reason)
    for (const [name, operation] of Object.entries(operations)) {
      const thrown: unknown = await operation(items, { signal }).catch((error: unknown) => error)
      assertEqual(thrown === reason, true, `${name}: the reason of the signal`)
      assertEqual(await left(items), stored, `${name}: the documents`)
    }
  },
  'nothing is done after the deadline, and that is certain': async ({ items }) => {
    await items.insertMany(stored)
    for (const [name, operation] of Object.entries(operations)) {
      await assertFails(() => operation(items, { deadline: Date.now() - 1 }), 'LEX_ERR_INFRA_002', { what: name })
      assertEqual(await left(items), stored, `${name}: the documents`)
    }
  },
  'a transaction does not begin after its deadline': async ({ items, store }) => {
    if (store.capabilities.transaction.kind !== 'interactive') return
    let attempts = 0
    const late = store.transaction(
      async () => {
        attempts++
      },
      { deadline: Date.now() - 1 },
    )
    await assertFails(late, 'LEX_ERR_INFRA_002', { what: 'the transaction' })
    assertEqual([attempts, await items.countDocuments()], [0, 0], 'the attempts and the documents')
  },
  'a transaction whose caller leaves before the commit is rolled back': async ({ items, store }) => {
    if (store.capabilities.transaction.kind !== 'interactive') return
    const caller = new AbortController()
    const reason = new Error('the caller has left')
    const thrown: unknown = await store
      .transaction(
        async (tx) => {
          await tx.collection(items.name).insertOne({ _id: 1 })
          caller.abort(reason)
        },
        { signal: caller.signal },
      )
      .catch((error: unknown) => error)
    assertEqual([thrown === reason, await items.countDocuments()], [true, 0], 'the reason and the documents')
  },
})
