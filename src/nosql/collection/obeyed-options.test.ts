import { describe, expect, it } from 'vitest'
import { untyped } from '../../testing/assert.ts'
import { memory } from '../drivers/memory/index.ts'
import { BudgetExceededError } from '../errors.ts'
import { createDocumentStore } from '../store/document-store.ts'
import type { DocumentStoreOptions } from '../store/store-context.ts'

async function itemsOf(options: DocumentStoreOptions = {}) {
  const items = createDocumentStore(memory(), options).collection('items')
  await items.insertMany([1, 2, 3].map((_id) => ({ _id, n: _id })))
  return items
}

const increment = (_id: number) => ({ updateOne: { filter: { _id }, update: { $inc: { n: 10 } } } })

describe('A bulk write', () => {
  it('has one budget for all of its operations', async () => {
    const items = await itemsOf()
    const operations = [1, 2, 3].map(increment)
    await expect(items.bulkWrite(operations, { budget: { maxDocuments: 2 } })).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_011',
      errors: [{ index: 2, error: { code: 'LEX_ERR_NOSQL_010' } }],
      result: { modifiedCount: 2 },
    })
    expect(await items.distinct('n')).toEqual([3, 11, 12])
  })

  it('tries nothing more once its budget is used up, whatever the order', async () => {
    const items = await itemsOf()
    const operations = [1, 2, 3].map(increment)
    const all = items.bulkWrite(operations, { ordered: false, budget: { maxDocuments: 1 } })
    await expect(all).rejects.toMatchObject({ errors: [{ index: 1 }, { index: 2 }], result: { modifiedCount: 1 } })
  })

  it.each(['signal', 'deadline', 'session', 'budget', 'scans'])('refuses %s of one operation', async (option) => {
    const items = await itemsOf()
    const operation = { updateOne: { ...increment(1).updateOne, [option]: undefined } }
    await expect(items.bulkWrite([untyped(operation)])).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
      message: expect.stringContaining(`'${option}'`),
      hint: 'Pass it as an option of bulkWrite.',
    })
  })

  it('passes its variables to operations without their own', async () => {
    const items = await itemsOf()
    await expect(
      items.bulkWrite([{ deleteOne: { filter: {}, let: undefined } }], { let: { $: 1 } }),
    ).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_007',
    })
  })
})

describe('The budget of a call', () => {
  it('leaves limits of the store as they are where it says nothing', async () => {
    const items = await itemsOf({ budget: { maxDocuments: 2 } })
    const budget = { maxDocuments: undefined, maxSteps: 1000 }
    await expect(items.find({}, { budget: untyped(budget) }).toArray()).rejects.toThrow(BudgetExceededError)
    expect(await items.find({}, { budget: { maxDocuments: Infinity } }).toArray()).toHaveLength(3)
  })

  it('counts a write that follows a read', async () => {
    const items = await itemsOf()
    const update = (maxRequests: number) => items.updateOne({ _id: 1 }, { $set: { n: 0 } }, { budget: { maxRequests } })
    await expect(update(1)).rejects.toThrow('the operation cannot send more than 1 requests')
    expect(await items.countDocuments({ n: 0 })).toBe(0)
    expect(await update(2)).toMatchObject({ modifiedCount: 1 })
  })

  it('the budget of a pipeline counts what it looks up', async () => {
    const { aggregation } = await import('../aggregation/index.ts')
    const items = createDocumentStore(memory({ aggregation: aggregation() })).collection('items')
    await items.insertMany([1, 2, 3].map((_id) => ({ _id, n: _id })))
    const stages = [{ $lookup: { from: 'items', localField: 'n', foreignField: '_id', as: 'own' } }]
    const looked = (maxDocuments: number) => items.aggregate(stages, { budget: { maxDocuments } }).toArray()
    await expect(looked(5)).rejects.toThrow(BudgetExceededError)
    expect(await looked(6)).toHaveLength(3)
  })
})
