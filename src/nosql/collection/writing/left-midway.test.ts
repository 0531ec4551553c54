import { describe, expect, it } from 'vitest'
import { inBatches } from '../../../../test/support/documents/in-batches.ts'
import { TimeoutError } from '../../../core/errors.ts'
import { createDocumentStore } from '../../store/document-store.ts'

const documents = [1, 2, 3, 4, 5].map((_id) => ({ _id }))
const inserts = documents.map((document) => ({ insertOne: { document } }))
const reasons = { 'an error': new Error('the caller has left'), text: 'gone' }

describe.each(Object.entries(reasons))('A caller that leaves between batches, with %s', (_, reason) => {
  const setUp = () => {
    const caller = new AbortController()
    const store = createDocumentStore(inBatches(1, () => caller.abort(reason)))
    return { items: store.collection('items'), signal: caller.signal }
  }
  const result = { insertedCount: 2, insertedIds: { 0: 1, 1: 2 } }

  it('learns which documents of insertMany are stored', async () => {
    for (const [ordered, missing] of [
      [true, [2]],
      [false, [2, 3, 4]],
    ] as const) {
      const { items, signal } = setUp()
      await expect(items.insertMany(documents, { ordered, signal })).rejects.toMatchObject({
        code: 'LEX_ERR_NOSQL_011',
        outcome: 'known',
        result,
        errors: missing.map((index) => ({ index })),
      })
      expect(await items.countDocuments({})).toBe(2)
    }
  })

  it('learns which operations of bulkWrite are done', async () => {
    for (const [ordered, missing] of [
      [true, [2]],
      [false, [2, 3, 4]],
    ] as const) {
      const { items, signal } = setUp()
      await expect(items.bulkWrite(inserts, { ordered, signal })).rejects.toMatchObject({
        code: 'LEX_ERR_NOSQL_011',
        result,
        errors: missing.map((index) => ({ index })),
      })
      expect(await items.countDocuments({})).toBe(2)
    }
  })

  it('learns which operations of a mixed bulkWrite are done', async () => {
    for (const [ordered, missing] of [
      [true, [1]],
      [false, [1, 2]],
    ] as const) {
      const { items, signal } = setUp()
      const operations = [
        { insertOne: { document: { _id: 1 } } },
        { updateOne: { filter: { _id: 1 }, update: { $set: { n: 1 } } } },
        { deleteOne: { filter: { _id: 1 } } },
      ]
      await expect(items.bulkWrite(operations, { ordered, signal })).rejects.toMatchObject({
        code: 'LEX_ERR_NOSQL_011',
        result: { insertedCount: 1, modifiedCount: 0, deletedCount: 0 },
        errors: missing.map((index) => ({ index })),
      })
      expect(await items.findOne({})).toEqual({ _id: 1 })
    }
  })

  it.each(['deleteMany', 'updateMany', 'a bulkWrite of updateMany'] as const)(
    'learns how many documents %s has changed',
    async (name) => {
      const caller = new AbortController()
      // Three batches insert, and each later one is a segment.
      const store = createDocumentStore(inBatches(5, () => caller.abort(reason)))
      const items = store.collection('items')
      await items.insertMany(documents)
      const { signal } = caller
      const update = { $set: { done: true } }
      const writes = {
        deleteMany: () => items.deleteMany({}, { signal }),
        updateMany: () => items.updateMany({}, update, { signal }),
        'a bulkWrite of updateMany': () => items.bulkWrite([{ updateMany: { filter: {}, update } }], { signal }),
      }
      const counts = name === 'deleteMany' ? { deletedCount: 4 } : { matchedCount: 4, modifiedCount: 4 }
      const error: unknown = await writes[name]().catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        code: 'LEX_ERR_NOSQL_011',
        outcome: 'known',
        result: { insertedCount: 0, ...counts },
        errors: [{ index: 0, error: reason instanceof Error ? reason : { cause: reason } }],
      })
      expect(await items.countDocuments(name === 'deleteMany' ? {} : { done: { $ne: true } })).toBe(1)
    },
  )
})

describe('A caller that has left midway', () => {
  it('finds the counts in the details of an error of this package, and its own error as it was', async () => {
    const late = createDocumentStore(
      inBatches(5, async () => {
        while (Date.now() <= deadline) await new Promise((resolve) => setTimeout(resolve, 1))
      }),
    ).collection('items')
    await late.insertMany(documents)
    const deadline = Date.now() + 50
    await expect(late.deleteMany({}, { deadline })).rejects.toMatchObject({
      code: 'LEX_ERR_INFRA_002',
      details: { deletedCount: 4 },
    })
    const caller = new AbortController()
    const reason = new TimeoutError('too late for me')
    const items = createDocumentStore(inBatches(5, () => caller.abort(reason))).collection('items')
    await items.insertMany(documents)
    await expect(items.deleteMany({}, { signal: caller.signal })).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_011',
      result: { deletedCount: 4 },
      cause: reason,
    })
    expect(reason.details).toBeUndefined()
  })

  it('gets its reason itself when nothing was changed, and from within a transaction', async () => {
    const caller = new AbortController()
    const reason = new Error('the caller has left')
    const store = createDocumentStore(inBatches(99, () => undefined))
    await store.collection('items').insertMany(documents)
    const leaving = store.transaction(async (tx) => {
      const items = tx.collection('items')
      await items.deleteOne({ _id: 1 })
      caller.abort(reason)
      await items.deleteMany({}, { signal: caller.signal })
    })
    await expect(leaving).rejects.toBe(reason)
    await expect(store.collection('items').deleteMany({}, { signal: caller.signal })).rejects.toBe(reason)
  })
})
