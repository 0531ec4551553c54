import type { DocumentStore } from '../../../src/nosql/store/document-store.ts'

/** Ways in which the field `a` of the document `x` comes to be `b`, whatever else is done. */
export const moves: Readonly<Record<string, (store: DocumentStore, collection: string) => Promise<unknown>>> = {
  $rename: (store, name) => store.collection(name).updateOne({ _id: 'x' }, { $rename: { a: 'b' } }),
  'a pipeline': (store, name) =>
    store.collection(name).updateOne({ _id: 'x' }, [{ $set: { b: '$a' } }, { $unset: 'a' }]),
  'a copy by a pipeline': (store, name) => store.collection(name).updateOne({ _id: 'x' }, [{ $set: { b: '$a' } }]),
  findOneAndUpdate: (store, name) =>
    store.collection(name).findOneAndUpdate({ _id: 'x' }, { $rename: { a: 'b' }, $set: { n: 1 } }),
  replaceOne: async (store, name) => {
    const items = store.collection(name)
    const { a: b, ...rest } = { a: null, ...(await items.findOne({ _id: 'x' })) }
    await items.replaceOne({ _id: 'x' }, { ...rest, b })
  },
  bulkWrite: (store, name) =>
    store
      .collection(name)
      .bulkWrite([
        { insertOne: { document: { _id: 'y' } } },
        { updateOne: { filter: { _id: 'x' }, update: { $rename: { a: 'b' } } as never } },
      ] as never),
  updateMany: (store, name) => store.collection(name).updateMany({}, { $rename: { a: 'b' } }),
  'a transaction': (store, name) =>
    store.transaction(async (tx) => {
      await tx.collection(name).updateOne({ _id: 'x' }, { $rename: { a: 'c' } })
      await tx.collection(name).updateOne({ _id: 'x' }, { $rename: { c: 'b' } })
    }),
  'a list': async (store, name) => {
    const items = store.collection(name)
    await items.updateOne({ _id: 'x' }, [{ $set: { l: ['$a', 1], a: null } }] as never)
    await items.updateOne({ _id: 'x' }, { $push: { l: { $each: [0], $position: 0 } } })
    await items.updateOne({ _id: 'x' }, [{ $set: { b: { $arrayElemAt: ['$l', 1] }, l: null } }] as never)
  },
}
