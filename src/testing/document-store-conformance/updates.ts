import type { Collection } from '../../nosql/collection/collection.ts'
import type { UpdateOneOptions } from '../../nosql/collection/write-options.ts'
import type { Update } from '../../nosql/collection/types/update.ts'
import type { Document } from '../../nosql/query/value.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

interface Example {
  readonly before: Document
  readonly update: Update
  readonly after: Document
  readonly options?: UpdateOneOptions
  readonly filter?: Document
}

async function assertUpdates(items: Collection, examples: readonly Example[]): Promise<void> {
  for (const [_id, { before, update, after, options, filter }] of examples.entries()) {
    await items.insertOne({ _id, ...before })
    const result = await items.updateOne({ _id, ...filter }, update, options)
    const what = JSON.stringify(update)
    assertEqual(await items.findOne({ _id }), { _id, ...after }, what)
    const changed = JSON.stringify(before) === JSON.stringify(after) ? 0 : 1
    assertEqual([result.matchedCount, result.modifiedCount], [1, changed], `the counts of ${what}`)
  }
}

export const updateCases = topic('updates', {
  'fields are set, removed, renamed, and computed': ({ items }) =>
    assertUpdates(items, [
      { before: { a: 1 }, update: { $set: { 'b.c': 2 } }, after: { a: 1, b: { c: 2 } } },
      { before: { a: 1 }, update: { $set: { a: 1 } }, after: { a: 1 } },
      { before: { a: 1, b: 2 }, update: { $unset: { b: '' } }, after: { a: 1 } },
      { before: { a: 1 }, update: { $rename: { a: 'b' } }, after: { b: 1 } },
      { before: { a: 1 }, update: { $inc: { a: 2, n: 1 } }, after: { a: 3, n: 1 } },
      { before: { a: 3 }, update: { $mul: { a: 2 } }, after: { a: 6 } },
      { before: { a: 3, b: 3 }, update: { $min: { a: 2 }, $max: { b: 2 } }, after: { a: 2, b: 3 } },
      { before: { a: 13 }, update: { $bit: { a: { and: 10 } } }, after: { a: 8 } },
      { before: { a: 1 }, update: { $setOnInsert: { b: 1 } }, after: { a: 1 } },
    ]),
  'arrays grow, shrink, and are kept in order': ({ items }) =>
    assertUpdates(items, [
      { before: {}, update: { $push: { a: 1 } }, after: { a: [1] } },
      {
        before: { a: [3] },
        update: { $push: { a: { $each: [1, 2], $sort: 1, $slice: 2 } } },
        after: { a: [1, 2] },
      },
      { before: { a: [1] }, update: { $push: { a: { $each: [0], $position: 0 } } }, after: { a: [0, 1] } },
      { before: { a: [1] }, update: { $addToSet: { a: { $each: [1, 2] } } }, after: { a: [1, 2] } },
      { before: { a: [1, 5, 9] }, update: { $pull: { a: { $gt: 4 } } }, after: { a: [1] } },
      { before: { a: [1, 2, 1] }, update: { $pullAll: { a: [1] } }, after: { a: [2] } },
      { before: { a: [1, 2, 3] }, update: { $pop: { a: -1 } }, after: { a: [2, 3] } },
    ]),
  'elements are changed by position, all of them, or those that a filter names': ({ items }) =>
    assertUpdates(items, [
      { before: { a: [1, 5] }, update: { $set: { 'a.0': 9 } }, after: { a: [9, 5] } },
      { before: { a: [1, 5] }, filter: { a: 5 }, update: { $set: { 'a.$': 9 } }, after: { a: [1, 9] } },
      { before: { a: [1, 5] }, update: { $inc: { 'a.$[]': 1 } }, after: { a: [2, 6] } },
      {
        before: { a: [{ n: 1 }, { n: 5 }] },
        update: { $set: { 'a.$[big].n': 0 } },
        options: { arrayFilters: [{ 'big.n': { $gt: 3 } }] },
        after: { a: [{ n: 1 }, { n: 0 }] },
      },
    ]),
  '$currentDate takes the clock of the store': async ({ items, clock }) => {
    await items.insertOne({ _id: 1 })
    await items.updateOne({ _id: 1 }, { $currentDate: { at: true } })
    assertEqual(await items.findOne({}), { _id: 1, at: new Date(clock.now) }, 'the date')
  },
  'updateMany counts what matched and what changed': async ({ items }) => {
    await items.insertMany([1, 2, 3].map((n) => ({ _id: n, n })))
    const result = await items.updateMany({ n: { $gte: 2 } }, { $max: { n: 3 } })
    assertEqual([result.matchedCount, result.modifiedCount], [2, 1], 'the counts')
    const none = await items.updateMany({ n: 99 }, { $set: { a: 1 } })
    assertEqual(none, { matchedCount: 0, modifiedCount: 0, upsertedCount: 0, upsertedId: null }, 'no match')
  },
  'updateOne takes the first document of a sort': async ({ items }) => {
    await items.insertMany([1, 2, 3].map((n) => ({ _id: n, n })))
    await items.updateOne({}, { $set: { hit: true } }, { sort: { n: -1 } })
    assertEqual((await items.findOne({ hit: true }))?._id, 3, 'the document')
  },
  'an upsert inserts what the filter and the update say': async ({ items }) => {
    const update = { $set: { b: 2 }, $setOnInsert: { c: 3 } }
    const first = await items.updateOne({ _id: 'u', a: 1, n: { $gt: 5 } }, update, { upsert: true })
    assertEqual(first, { matchedCount: 0, modifiedCount: 0, upsertedCount: 1, upsertedId: 'u' }, 'the result')
    assertEqual(await items.findOne({}), { _id: 'u', a: 1, b: 2, c: 3 }, 'the document')
    const again = await items.updateOne({ _id: 'u' }, update, { upsert: true })
    assertEqual([again.matchedCount, again.upsertedId], [1, null], 'the second time')
    const made = await items.updateMany({ kind: 'x' }, { $set: { a: 1 } }, { upsert: true })
    assertEqual(typeof made.upsertedId, 'string', 'an _id is made')
  },
  'an upsert refuses $expr in its filter, whatever is there': async ({ items }) => {
    await items.insertOne({ _id: 1, n: 1 })
    const filter = { $and: [{ n: 1 }, { $expr: { $eq: ['$n', 1] } }] }
    const upserts = {
      updateOne: () => items.updateOne(filter, { $set: { n: 2 } }, { upsert: true }),
      updateMany: () => items.updateMany(filter, { $set: { n: 2 } }, { upsert: true }),
      replaceOne: () => items.replaceOne(filter, { n: 2 }, { upsert: true }),
      findOneAndUpdate: () => items.findOneAndUpdate(filter, { $set: { n: 2 } }, { upsert: true }),
      bulkWrite: () => items.bulkWrite([{ updateOne: { filter, update: { $set: { n: 2 } }, upsert: true } }]),
    }
    for (const [what, upsert] of Object.entries(upserts))
      await assertFails(upsert, 'LEX_ERR_NOSQL_007', { what, reason: 'QueryFeatureNotAllowed' })
    assertEqual(await items.find({}).toArray(), [{ _id: 1, n: 1 }], 'the documents')
  },
  'what is taken from an array needs a path that can lead to one': async ({ items }) => {
    await items.insertOne({ _id: 1, a: 'text', list: [{ b: [1] }] })
    const updates: readonly Update[] = [
      { $pull: { 'a.b': 1 } },
      { $pullAll: { 'list.b': [1] } },
      { $pop: { 'a.b.c': 1 } },
    ]
    for (const update of updates) {
      const what = JSON.stringify(update)
      await assertFails(items.updateOne({ _id: 1 }, update), 'LEX_ERR_NOSQL_005', { what, reason: 'PathNotViable' })
    }
    await items.updateOne({ _id: 1 }, { $pull: { 'c.b': 1 }, $pop: { 'list.7': 1 } })
    assertEqual(await items.findOne({}), { _id: 1, a: 'text', list: [{ b: [1] }] }, 'the document')
  },
  'an update that cannot be applied changes nothing': async ({ items }) => {
    await items.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 'text' },
    ])
    const code = 'LEX_ERR_NOSQL_005'
    await assertFails(items.updateOne({ _id: 2 }, { $inc: { n: 1 } }), code, {
      what: '$inc on a string',
      reason: 'TypeMismatch',
    })
    await assertFails(items.updateOne({ _id: 1 }, { $set: { _id: 9 } }), code, {
      what: 'another _id',
      reason: 'ImmutableField',
    })
    await assertFails(items.updateOne({ _id: 1 }, { $push: { n: 1 } }), code, { what: '$push on a number' })
    const found = await items.find({}, { sort: '_id' }).toArray()
    assertEqual(
      found,
      [
        { _id: 1, n: 1 },
        { _id: 2, n: 'text' },
      ],
      'the documents',
    )
  },
  'an update of many that cannot be applied to one stops there, and says how many were changed': async ({
    items,
    store,
  }) => {
    await items.insertMany(Array.from({ length: 20 }, (_, _id) => ({ _id, n: _id === 13 ? 'text' : 0 })))
    const error = await assertFails(items.updateMany({}, { $inc: { n: 1 } }), 'LEX_ERR_NOSQL_005', {
      what: '$inc on a string',
      reason: 'TypeMismatch',
    })
    const changed = await items.countDocuments({ n: 1 })
    assertEqual(await items.countDocuments({ n: 0 }), 19 - changed, 'the others')
    // A server that does it by itself may not say how far it came.
    const said = error.details?.['modifiedCount'] ?? (store.capabilities.evaluates === 'server' ? changed : undefined)
    assertEqual(said, changed, 'the number that the error says')
  },
  'an upsert whose filter has no _id makes one as an insert does': async ({ items, store }) => {
    const upsert = { upsert: true } as const
    const results = [
      await items.updateOne({ n: 1 }, { $set: { a: '$x' } }, upsert),
      await items.replaceOne({ n: 2 }, { n: 2, a: '$x' }, upsert),
    ]
    if (store.capabilities.evaluates !== 'none') {
      results.push(await items.updateOne({ n: 3 }, [{ $set: { a: { $literal: '$x' } } }], upsert))
    }
    for (const [at, { upsertedId }] of results.entries()) {
      assertEqual(typeof upsertedId, 'string', `the type of the id of upsert ${at}`)
      assertEqual(await items.findOne({ n: at + 1 }), { _id: upsertedId, n: at + 1, a: '$x' }, `upsert ${at}`)
    }
    const replaced = await items.replaceOne({ n: 2 }, { n: 4 }, upsert)
    assertEqual(replaced.upsertedCount, 0, 'upserts of a document that is there')
    assertEqual(await items.findOne({ n: 4 }), { _id: results[1]?.upsertedId, n: 4 }, 'the document that was there')
  },
  'an update of nothing changes nothing, and inserts where it is an upsert': async ({ items }) => {
    await items.insertOne({ _id: 1, n: 1 })
    assertEqual((await items.updateOne({ _id: 1 }, { $set: {} })).modifiedCount, 0, 'changes')
    assertEqual((await items.updateOne({ _id: 2 }, { $set: {} }, { upsert: true })).upsertedId, 2, 'an upsert')
    assertEqual(await items.find({}, { sort: { _id: 1 } }).toArray(), [{ _id: 1, n: 1 }, { _id: 2 }], 'documents')
  },
  'a malformed update is refused, also when nothing matches': async ({ items }) => {
    const malformed: readonly Update[] = [
      { a: 1 },
      {},
      { $nope: { a: 1 } },
      { $set: { a: 1 }, $inc: { a: 1 } },
      { $set: { 'a.b': 1, a: 2 } },
      { $inc: { a: 'x' } },
      { $set: { 'a.$[x]': 1 } },
      { $push: { a: { $each: 1 } } },
    ]
    for (const update of malformed) {
      await assertFails(() => items.updateOne({}, update), 'LEX_ERR_NOSQL_007', { what: JSON.stringify(update) })
    }
  },
})
