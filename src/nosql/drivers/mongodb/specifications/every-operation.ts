import type { Collection } from '../../../collection/collection.ts'
import type { DocumentStore } from '../../../store/document-store.ts'

/** What operations have in common, for tests of the options that reach every command. */
export interface OperationCall {
  readonly items: Collection
  readonly store: DocumentStore
  /** Of every operation. */
  readonly options?: { readonly deadline?: number; readonly signal?: AbortSignal }
}

export type NamedOperation = readonly [title: string, command: string, run: (call: OperationCall) => Promise<unknown>]

const raise = { $inc: { x: 1 } }

export const everyRead: readonly NamedOperation[] = [
  ['find', 'find', ({ items, options }) => items.find({}, options).toArray()],
  ['findOne', 'find', ({ items, options }) => items.findOne({ _id: 1 }, options)],
  ['findPage', 'find', ({ items, options }) => items.findPage({}, { limit: 1, ...options })],
  ['aggregate', 'aggregate', ({ items, options }) => items.aggregate([{ $match: { x: 1 } }], options).toArray()],
  ['countDocuments', 'aggregate', ({ items, options }) => items.countDocuments({}, options)],
  ['estimatedDocumentCount', 'count', ({ items, options }) => items.estimatedDocumentCount(options)],
  ['distinct', 'distinct', ({ items, options }) => items.distinct('x', {}, options)],
]

export const everyWrite: readonly NamedOperation[] = [
  ['insertOne', 'insert', ({ items, options }) => items.insertOne({}, options)],
  ['insertMany', 'insert', ({ items, options }) => items.insertMany([{}, {}], options)],
  ['updateOne', 'update', ({ items, options }) => items.updateOne({ _id: 1 }, raise, options)],
  ['updateMany', 'update', ({ items, options }) => items.updateMany({}, raise, options)],
  ['replaceOne', 'update', ({ items, options }) => items.replaceOne({ _id: 1 }, {}, options)],
  ['deleteOne', 'delete', ({ items, options }) => items.deleteOne({ _id: 1 }, options)],
  ['deleteMany', 'delete', ({ items, options }) => items.deleteMany({}, options)],
  ['findOneAndUpdate', 'findAndModify', ({ items, options }) => items.findOneAndUpdate({ _id: 1 }, raise, options)],
  ['findOneAndReplace', 'findAndModify', ({ items, options }) => items.findOneAndReplace({ _id: 1 }, {}, options)],
  ['findOneAndDelete', 'findAndModify', ({ items, options }) => items.findOneAndDelete({ _id: 1 }, options)],
  [
    'a bulk write of one kind',
    'delete',
    ({ items, options }) => items.bulkWrite([{ deleteOne: { filter: { _id: 1 } } }], options),
  ],
  [
    'a bulk write of several kinds',
    'bulkWrite',
    ({ items, options }) =>
      items.bulkWrite([{ insertOne: { document: {} } }, { deleteOne: { filter: { _id: 1 } } }], options),
  ],
  ['$out', 'aggregate', ({ items, options }) => items.aggregate([{ $out: 'copies' }], options).toArray()],
  ['$merge', 'aggregate', ({ items, options }) => items.aggregate([{ $merge: { into: 'copies' } }], options).toArray()],
]
