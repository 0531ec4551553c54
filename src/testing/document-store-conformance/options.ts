import type { Collection } from '../../nosql/collection/collection.ts'
import type { DocumentStore } from '../../nosql/store/document-store.ts'
import { defineCollection } from '../../nosql/contract/define-collection.ts'
import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

/** An option that no method has, as a program in JavaScript may pass it. */
const none = { nope: 1 } as object

type Call = (items: Collection, store: DocumentStore) => Promise<unknown>

const calls: Readonly<Record<string, Call>> = {
  insertOne: (items) => items.insertOne({ _id: 2 }, none),
  insertMany: (items) => items.insertMany([{ _id: 2 }], none),
  find: (items) => items.find({}, none).toArray(),
  findOne: (items) => items.findOne({}, none),
  findPage: (items) => items.findPage({}, none),
  updateOne: (items) => items.updateOne({}, { $set: { n: 2 } }, none),
  updateMany: (items) => items.updateMany({}, { $set: { n: 2 } }, none),
  replaceOne: (items) => items.replaceOne({}, { n: 2 }, none),
  deleteOne: (items) => items.deleteOne({}, none),
  deleteMany: (items) => items.deleteMany({}, none),
  findOneAndUpdate: (items) => items.findOneAndUpdate({}, { $set: { n: 2 } }, none),
  findOneAndReplace: (items) => items.findOneAndReplace({}, { n: 2 }, none),
  findOneAndDelete: (items) => items.findOneAndDelete({}, none),
  bulkWrite: (items) => items.bulkWrite([{ insertOne: { document: { _id: 2 } } }], none),
  'an operation of bulkWrite': (items) =>
    items.bulkWrite([{ updateOne: { filter: {}, update: { $set: { n: 2 } }, ...none } }]),
  countDocuments: (items) => items.countDocuments({}, none),
  estimatedDocumentCount: (items) => items.estimatedDocumentCount(none),
  distinct: (items) => items.distinct('n', {}, none),
  explain: (items) => items.explain({}, none),
  rename: (items) => items.rename(`${items.name}_renamed`, none),
  drop: (items) => items.drop(none),
  createIndexes: (items) => items.createIndexes([{ key: 'n' }], none),
  dropIndex: (items) => items.dropIndex('n_1', none),
  dropIndexes: (items) => items.dropIndexes(none),
  listIndexes: (items) => items.listIndexes(none),
  listCollections: (_, store) => store.listCollections(none),
  createCollection: (items, store) => store.createCollection(items.name, none),
  dropCollection: (items, store) => store.dropCollection(items.name, none),
  watch: (items) => items.watch(none),
  transaction: (_, store) => store.transaction(async () => undefined, none),
  withTransaction: (_, store) => store.withSession((session) => session.withTransaction(async () => undefined, none)),
}

export const optionCases = topic('options', {
  'an option that a method does not have is refused by each method, and nothing is done': async ({ items, store }) => {
    await items.insertOne({ _id: 1, n: 1 })
    for (const [name, call] of Object.entries(calls)) {
      await assertFails(async () => call(items, store), 'LEX_ERR_USE_001', { what: name })
      assertEqual(await items.find().toArray(), [{ _id: 1, n: 1 }], `${name}: the documents`)
    }
  },
  'what only looks like a declaration is refused, and its collection can be used': async ({ store, fresh }) => {
    const name = fresh()
    const indexes = [{ keys: 'n', unique: true }] as const
    const raw = untyped({ name, fields: { n: 'number' }, indexes })
    const copy = { ...defineCollection(name, { indexes }), fields: { n: 'date' } } as const
    for (const spec of [raw, copy, untyped({ name })]) {
      const refused = { what: Object.keys(spec).join() }
      await assertFails(async () => store.createCollection(spec), 'LEX_ERR_USE_001', refused)
      await assertFails(async () => store.collection(spec).insertOne({ n: 1 }), 'LEX_ERR_USE_001', refused)
      if (store.capabilities.transaction.kind === 'none') continue
      const within = store.transaction(async (tx) => tx.collection(spec).insertOne({ n: 1 }))
      await assertFails(within, 'LEX_ERR_USE_001', refused)
    }
    const items = store.collection(defineCollection(name, { indexes }))
    await items.insertOne({ _id: 1, n: 1 })
    await assertFails(items.insertOne({ n: 1 }), 'LEX_ERR_DB_005', { what: 'a second one' })
  },
})
