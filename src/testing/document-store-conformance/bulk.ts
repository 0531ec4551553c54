import { BulkWriteError } from '../../nosql/bulk-write-error.ts'
import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

async function bulkError(work: Promise<unknown>): Promise<BulkWriteError> {
  const error = await assertFails(work, 'LEX_ERR_NOSQL_011', { what: 'the bulk write' })
  if (error instanceof BulkWriteError) return error
  throw new Error('the error must be a BulkWriteError')
}

export const bulkCases = topic('bulk writes', {
  'operations of all kinds run in order, and their counts add up': async ({ items }) => {
    const result = await items.bulkWrite([
      { insertOne: { document: { _id: 1, n: 1 } } },
      { insertOne: { document: { _id: 2, n: 2 } } },
      { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 10 } } } },
      { updateMany: { filter: {}, update: { $set: { seen: true } } } },
      { replaceOne: { filter: { _id: 2 }, replacement: { m: 1 } } },
      { updateOne: { filter: { _id: 3 }, update: { $set: { n: 3 } }, upsert: true } },
      { deleteOne: { filter: { _id: 1 } } },
      { deleteMany: { filter: { n: 99 } } },
    ])
    const expected = {
      insertedCount: 2,
      matchedCount: 4,
      modifiedCount: 4,
      deletedCount: 1,
      upsertedCount: 1,
      insertedIds: { 0: 1, 1: 2 },
      upsertedIds: { 5: 3 },
    }
    assertEqual(result, expected, 'the result')
    assertEqual(
      await items.find({}, { sort: '_id' }).toArray(),
      [
        { _id: 2, m: 1 },
        { _id: 3, n: 3 },
      ],
      'the documents',
    )
  },
  'an ordered write stops at the first refusal and says what was applied': async ({ items }) => {
    await items.insertOne({ _id: 1 })
    const { errors, result } = await bulkError(
      items.bulkWrite([
        { insertOne: { document: { _id: 0 } } },
        { insertOne: { document: { _id: 1 } } },
        { insertOne: { document: { _id: 2 } } },
      ]),
    )
    assertEqual(
      errors.map(({ index }) => index),
      [1],
      'the errors',
    )
    assertEqual([result.insertedCount, result.insertedIds], [1, { 0: 0 }], 'the result')
    assertEqual(await items.distinct('_id'), [0, 1], 'the documents')
  },
  'an unordered write goes on and reports every refusal with its index': async ({ items }) => {
    await items.insertOne({ _id: 1, n: 'text' })
    const { errors, result } = await bulkError(
      items.bulkWrite(
        [
          { insertOne: { document: { _id: 1 } } },
          { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 1 } } } },
          { insertOne: { document: { _id: 2 } } },
          { deleteOne: { filter: { _id: 9 } } },
        ],
        { ordered: false },
      ),
    )
    assertEqual(
      // An error of this package has a code.
      errors.map(({ index, error }) => [index, (error as { code?: string }).code ?? null]),
      [
        [0, 'LEX_ERR_DB_005'],
        [1, 'LEX_ERR_NOSQL_005'],
      ],
      'the errors',
    )
    assertEqual([result.insertedCount, await items.countDocuments()], [1, 2], 'what was applied')
  },
  'insertMany reports like a bulk write': async ({ items }) => {
    await items.insertOne({ _id: 2 })
    const documents = [1, 2, 3, 2, 4].map((_id) => ({ _id }))
    const ordered = await bulkError(items.insertMany(documents))
    assertEqual([ordered.errors.map(({ index }) => index), ordered.result.insertedIds], [[1], { 0: 1 }], 'ordered')
    await items.deleteMany({})
    const unordered = await bulkError(items.insertMany(documents, { ordered: false }))
    assertEqual(
      unordered.errors.map(({ index }) => index),
      [3],
      'unordered',
    )
    assertEqual(await items.distinct('_id'), [1, 2, 3, 4], 'the documents')
  },
  'a malformed operation is refused before any is applied': async ({ items }) => {
    const first = { insertOne: { document: { _id: 1 } } }
    const malformed: readonly object[] = [
      { updateOne: { filter: { $nope: 1 }, update: { $set: { a: 1 } } } },
      { updateOne: { filter: {}, update: { a: 1 } } },
      { nothing: {} },
      { toString: {} },
      { ['__proto__']: {} },
      { ...first, deleteOne: { filter: {} } },
    ]
    for (const operation of malformed) {
      const work = () => items.bulkWrite([first, untyped(operation)])
      await assertFails(work, 'LEX_ERR_NOSQL_007', { what: Object.keys(operation).join() })
    }
    await assertFails(() => items.bulkWrite([]), 'LEX_ERR_NOSQL_007', { what: 'no operation' })
    await assertFails(() => items.insertMany([{ _id: 1 }, { a: Number.NaN }]), 'LEX_ERR_NOSQL_005', { what: 'NaN' })
    assertEqual(await items.countDocuments(), 0, 'the documents')
  },
})
