import { describe, expect, it } from 'vitest'
import { aggregation } from '../aggregation/index.ts'
import { memory } from '../drivers/memory/index.ts'
import { BudgetExceededError } from '../errors.ts'
import type { Budget } from '../contract/explanation.ts'
import { createDocumentStore } from '../store/document-store.ts'

const ids = Array.from({ length: 100 }, (_, index) => index)
const list = ids.map((element) => `${'x'.repeat(100)}${element}`)

async function storeOfLists() {
  const store = createDocumentStore(memory({ aggregation: aggregation() }))
  const lists = store.collection('lists')
  await lists.insertMany(ids.map((_id) => ({ _id, list })))
  await store.collection('others').insertMany(ids.map((_id) => ({ _id })))
  return lists
}

describe('The budget of an operation', () => {
  const distinct = async (budget: Budget) => (await storeOfLists()).distinct('list', {}, { budget })

  it('counts the values of distinct, also where every document matches', async () => {
    await expect(distinct({ maxSteps: 100_000 })).rejects.toThrow(BudgetExceededError)
    expect(await distinct({ maxSteps: 1_000_000 })).toHaveLength(100)
  })

  it('counts the bytes that distinct holds', async () => {
    await expect(distinct({ maxBytes: 500_000 })).rejects.toThrow(BudgetExceededError)
    expect(await distinct({ maxBytes: 2_000_000 })).toHaveLength(100)
  })

  it('counts the writes of $merge with its reads', async () => {
    const lists = await storeOfLists()
    const merge = async (maxSteps: number) =>
      lists.aggregate([{ $merge: { into: 'others', whenMatched: 'replace' } }], { budget: { maxSteps } }).toArray()
    // The reading of the filters that lead to 100 documents, and of those that change them.
    await expect(merge(6000)).rejects.toThrow(BudgetExceededError)
    expect(await merge(20_000)).toEqual([])
  })
})
