import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

export const crudCases = topic('insert, read, replace, delete', {
  'a document comes back as it was stored, with values of every type': async ({ items }) => {
    const document = {
      _id: 'a',
      nothing: null,
      yes: true,
      number: 1.5,
      long: 9_007_199_254_740_993n,
      text: 'é😀',
      date: new Date(1),
      bytes: new Uint8Array([0, 255]),
      list: [1, [2, { three: 3 }]],
      object: { z: 1, a: { m: 2 } },
    }
    assertEqual(await items.insertOne(document), { insertedId: 'a' }, 'insertOne')
    const found = await items.findOne({ _id: 'a' })
    assertEqual(found, document, 'findOne')
    assertEqual(typeof found?.['long'], 'bigint', 'the type of a bigint')
    assertEqual(found?.['bytes'] instanceof Uint8Array && found['date'] instanceof Date, true, 'the classes')
  },
  'a document without _id gets one that sorts by time': async ({ items, clock }) => {
    const first = await items.insertOne({ n: 1 })
    clock.now += 5
    const { insertedIds } = await items.insertMany([{ n: 2 }, { n: 3 }])
    const ids = [first.insertedId, ...insertedIds]
    assertEqual(
      ids.every((id) => typeof id === 'string' && id.length === 36),
      true,
      'UUIDs',
    )
    assertEqual(await items.distinct('_id'), ids, 'the order of the ids')
    assertEqual(await items.findOne({ _id: first.insertedId }), { _id: first.insertedId, n: 1 }, 'the _id comes first')
  },
  'nothing that goes in or comes out is shared with the store': async ({ items }) => {
    const given = { _id: 1, list: [1] }
    await items.insertOne(given)
    given.list.push(2)
    const out = (await items.findOne({ _id: 1 })) as unknown as { list: number[] } // as inserted, to be changed
    out.list.push(3)
    const operand = [7]
    await items.updateOne({ _id: 1 }, { $set: { other: operand } })
    operand.push(8)
    assertEqual(await items.findOne({ _id: 1 }), { _id: 1, list: [1], other: [7] }, 'the stored document')
  },
  'undefined fields are dropped and -0 becomes 0': async ({ items }) => {
    await items.insertOne(untyped({ _id: 1, gone: undefined, zero: -0 }))
    const found = await items.findOne({})
    assertEqual(found, { _id: 1, zero: 0 }, 'the document')
    assertEqual(Object.is(found?.['zero'], 0), true, 'positive zero')
  },
  'numbers, bigints and strings are different ids, and equal numbers are one': async ({ items }) => {
    await items.insertMany([{ _id: 1 }, { _id: '1' }])
    await assertFails(items.insertOne({ _id: 1n }), 'LEX_ERR_DB_005', { what: '1n beside 1' })
    assertEqual(await items.countDocuments({ _id: 1n }), 1, 'found by the bigint')
  },
  'replaceOne keeps the _id and counts what changed': async ({ items }) => {
    await items.insertOne({ _id: 1, a: 1, b: 2 })
    const result = await items.replaceOne({ a: 1 }, { c: 3 })
    assertEqual(result, { matchedCount: 1, modifiedCount: 1, upsertedCount: 0, upsertedId: null }, 'a change')
    assertEqual(await items.findOne({}), { _id: 1, c: 3 }, 'the document')
    assertEqual((await items.replaceOne({ _id: 1 }, { _id: 1, c: 3 })).modifiedCount, 0, 'the same again')
    assertEqual((await items.replaceOne({ _id: 9 }, { c: 1 })).matchedCount, 0, 'no match')
    assertEqual((await items.replaceOne({ _id: 9 }, { c: 1 }, { upsert: true })).upsertedId, 9, 'an upsert')
    await assertFails(items.replaceOne({ _id: 1 }, { _id: 2 }), 'LEX_ERR_NOSQL_005', { what: 'another _id' })
    await assertFails(items.replaceOne({ _id: 1 }, { $set: { a: 1 } }), 'LEX_ERR_NOSQL_007', { what: 'operators' })
  },
  'deleteOne deletes one and deleteMany all that match': async ({ items }) => {
    await items.insertMany([1, 2, 3, 4].map((n) => ({ _id: n, odd: n % 2 === 1 })))
    assertEqual(await items.deleteOne({ odd: true }), { deletedCount: 1 }, 'deleteOne')
    assertEqual(await items.deleteOne({ odd: 'maybe' }), { deletedCount: 0 }, 'no match')
    assertEqual(await items.deleteMany({ odd: false }), { deletedCount: 2 }, 'deleteMany')
    assertEqual(await items.countDocuments(), 1, 'what is left')
  },
  'findOneAnd… returns the document before or after, with sort and projection': async ({ items }) => {
    await items.insertMany([1, 2, 3].map((n) => ({ _id: n, n })))
    const before = await items.findOneAndUpdate({}, { $inc: { n: 10 } }, { sort: { n: -1 } })
    assertEqual(before, { _id: 3, n: 3 }, 'before')
    const options = { returnDocument: 'after', projection: { _id: 0 } } as const
    assertEqual(await items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 10 } }, options), { n: 11 }, 'after')
    assertEqual(await items.findOneAndReplace({ _id: 2 }, { m: 1 }), { _id: 2, n: 2 }, 'replaced')
    assertEqual(await items.findOneAndDelete({ _id: 2 }), { _id: 2, m: 1 }, 'deleted')
    assertEqual(await items.findOneAndDelete({ _id: 2 }), null, 'no match')
    const inserted = await items.findOneAndUpdate({ _id: 5 }, { $set: { n: 5 } }, { upsert: true })
    assertEqual(inserted, null, 'before an upsert')
    const upsert = { upsert: true, returnDocument: 'after' } as const
    assertEqual(await items.findOneAndUpdate({ _id: 6 }, { $set: { n: 6 } }, upsert), { _id: 6, n: 6 }, 'after one')
  },
  'countDocuments and distinct see what find sees': async ({ items }) => {
    await items.insertMany([{ tags: ['b', 'a'] }, { tags: 'a' }, { tags: null }, {}])
    assertEqual(await items.countDocuments({ tags: 'a' }), 2, 'count')
    assertEqual(await items.countDocuments({}, { skip: 1, limit: 2 }), 2, 'count with skip and limit')
    assertEqual(await items.distinct('tags'), [null, 'a', 'b'], 'distinct')
    assertEqual(await items.distinct('tags', { tags: 'b' }), ['a', 'b'], 'distinct with a filter')
  },
  'a collection exists once it was written to, until it is dropped': async ({ store, items }) => {
    assertEqual(await items.find({}).toArray(), [], 'reading what is not there')
    assertEqual((await store.listCollections()).includes(items.name), false, 'before')
    assertEqual(await items.drop(), false, 'dropping what is not there')
    await items.insertOne({ _id: 1 })
    assertEqual((await store.listCollections()).includes(items.name), true, 'after a write')
    assertEqual(await items.drop(), true, 'drop')
    assertEqual(
      [await items.countDocuments(), (await store.listCollections()).includes(items.name)],
      [0, false],
      'gone',
    )
  },
  'findOneAnd… return metadata when it is requested': async ({ items }) => {
    await items.insertOne({ _id: 1, n: 1 })
    const told = { includeResultMetadata: true, returnDocument: 'after' } as const
    assertEqual(
      await items.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, told),
      { value: { _id: 1, n: 2 }, ok: 1, lastErrorObject: { n: 1, updatedExisting: true } },
      'an update',
    )
    assertEqual(
      await items.findOneAndReplace({ _id: 2 }, { n: 5 }, { ...told, upsert: true }),
      { value: { _id: 2, n: 5 }, ok: 1, lastErrorObject: { n: 1, updatedExisting: false, upserted: 2 } },
      'an upsert',
    )
    assertEqual(
      await items.findOneAndDelete({ _id: 3 }, { includeResultMetadata: true }),
      { value: null, ok: 1, lastErrorObject: { n: 0 } },
      'a deletion of nothing',
    )
  },
  'a collection can be renamed with its documents and indexes': async ({ store, items, fresh }) => {
    await items.insertMany([{ _id: 2 }, { _id: 1 }])
    const name = fresh()
    const renamed = await items.rename(name).then(
      () => true,
      (error: unknown) => error,
    )
    if (renamed !== true) {
      await assertFails(Promise.reject(renamed), 'LEX_ERR_NOSQL_009', { what: 'a driver that cannot' })
      return
    }
    assertEqual(await store.collection(name).countDocuments(), 2, 'the documents')
    assertEqual(await items.countDocuments(), 0, 'the old name')
    await items.insertOne({ _id: 9 })
    await assertFails(store.renameCollection(items.name, name), 'LEX_ERR_DOM_007', { what: 'a name that is taken' })
    await store.renameCollection(items.name, name, { dropTarget: true })
    assertEqual(await store.collection(name).distinct('_id'), [9], 'in place of the other')
    await assertFails(items.rename(fresh()), 'LEX_ERR_DOM_002', { what: 'a collection that is not there' })
  },
  'a collection can be made empty': async ({ store, items }) => {
    assertEqual(await store.createCollection(items.name), true, 'one that was not there')
    assertEqual((await store.listCollections()).includes(items.name), true, 'listed')
    assertEqual(await items.countDocuments(), 0, 'its documents')
    await items.insertOne({ _id: 1 })
    assertEqual(await store.createCollection(items.name), false, 'one that is there')
    assertEqual(await items.countDocuments(), 1, 'its documents are kept')
  },
})
