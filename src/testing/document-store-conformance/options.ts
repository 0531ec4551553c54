import type { Collection } from '../../nosql/collection/collection.ts'
import type { DocumentStore } from '../../nosql/store/document-store.ts'
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
})
