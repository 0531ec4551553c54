import { describe, expect, it } from 'vitest'
import type { DocumentDriver } from '../../contract/driver.ts'
import { memory } from '../../drivers/memory/memory-driver.ts'
import { createDocumentStore } from '../../store/document-store.ts'

/** The memory driver with batches of two, which calls back before it carries out the `nth`. */
function inBatches(nth: number, happen: () => void): DocumentDriver {
  const inner = memory()
  let batches = 0
  return {
    ...inner,
    open(settings) {
      const backend = inner.open(settings)
      const { capabilities } = backend
      return {
        ...backend,
        capabilities: { ...capabilities, limits: { ...capabilities.limits, writeBatch: 2 } },
        async collection(...args) {
          const collection = await backend.collection(...args)
          return {
            ...collection,
            write(writes, context) {
              batches += 1
              if (batches === nth) happen()
              return collection.write(writes, context)
            },
          }
        },
      }
    },
  }
}

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
})
