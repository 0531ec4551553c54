import type { DocumentStore } from '../../../src/nosql/store/document-store.ts'
import type { Document } from '../../../src/nosql/query/value.ts'

/** Ways in which the field `a` of the document `x` comes to be `b`, whatever else is done. */
export const moves: Readonly<Record<string, (store: DocumentStore, collection: string) => Promise<unknown>>> = {
  $rename: (store, name) => store.collection(name).updateOne({ _id: 'x' }, { $rename: { a: 'b' } } as never),
  'a pipeline': (store, name) =>
    store.collection(name).updateOne({ _id: 'x' }, [{ $set: { b: '$a' } }, { $unset: 'a' }]),
  'a copy by a pipeline': (store, name) => store.collection(name).updateOne({ _id: 'x' }, [{ $set: { b: '$a' } }]),
  findOneAndUpdate: (store, name) =>
    store.collection(name).findOneAndUpdate({ _id: 'x' }, { $rename: { a: 'b' }, $set: { n: 1 } } as never),
  replaceOne: async (store, name) => {
    const items = store.collection<Document>(name)
    const { a: b, ...rest } = ((await items.findOne({ _id: 'x' })) ?? {}) as Document
    await items.replaceOne({ _id: 'x' }, { ...rest, b } as never)
  },
  bulkWrite: (store, name) =>
    store
      .collection(name)
      .bulkWrite([
        { insertOne: { document: { _id: 'y' } } },
        { updateOne: { filter: { _id: 'x' }, update: { $rename: { a: 'b' } } as never } },
      ] as never),
  updateMany: (store, name) => store.collection(name).updateMany({}, { $rename: { a: 'b' } } as never),
  'a transaction': (store, name) =>
    store.transaction(async (tx) => {
      await tx.collection(name).updateOne({ _id: 'x' }, { $rename: { a: 'c' } } as never)
      await tx.collection(name).updateOne({ _id: 'x' }, { $rename: { c: 'b' } } as never)
    }),
  'a list': async (store, name) => {
    const items = store.collection<Document>(name)
    await items.updateOne({ _id: 'x' }, [{ $set: { l: ['$a', 1], a: null } }] as never)
    await items.updateOne({ _id: 'x' }, { $push: { l: { $each: [0], $position: 0 } } } as never)
    await items.updateOne({ _id: 'x' }, [{ $set: { b: { $arrayElemAt: ['$l', 1] }, l: null } }] as never)
  },
}
