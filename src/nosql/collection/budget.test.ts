import { describe, expect, it } from 'vitest'
import { changedDriver } from '../../../test/support/changed-driver.ts'
import { aggregation } from '../aggregation/index.ts'
import { memory } from '../drivers/memory/index.ts'
import { BudgetExceededError } from '../errors.ts'
import type { Budget } from '../contract/explanation.ts'
import type { DriverPage, StoredDocument } from '../contract/query.ts'
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

async function* pagesOfTen(pages: AsyncIterable<DriverPage<StoredDocument>>) {
  for await (const { documents } of pages) {
    for (let at = 0; at < documents.length; at += 10)
      yield { documents: documents.slice(at, at + 10), scanned: 10, requests: 1 }
  }
}

/** Documents of 100 kB, 20 MB together, that are sorted here, as a backend sends them or as they lie in memory. */
async function largeDocuments(isShared: boolean) {
  const sortsNothing = changedDriver(memory(), (inner) => {
    const plan: typeof inner.plan = async ({ sort: _sort, limit: _limit, ...query }, context) => {
      const planned = await inner.plan({ ...query, limit: Infinity }, context)
      return { ...planned, sorted: false, limited: false, read: (call) => pagesOfTen(planned.read(call)) }
    }
    return { ...inner, plan, returnsOwnDocuments: isShared }
  })
  const items = createDocumentStore(sortsNothing).collection('items')
  await items.insertMany(Array.from({ length: 200 }, (_, _id) => ({ _id, text: 'x'.repeat(50_000) })))
  return async (limit: number, maxBytes: number) => {
    const found = await items.find({}, { sort: { _id: -1 }, limit, budget: { maxBytes } }).toArray()
    return found.length
  }
}

describe('The budget of an operation', () => {
  it('counts the bytes of what is sorted here', async () => {
    const sorted = await largeDocuments(false)
    await expect(sorted(200, 19_000_000)).rejects.toThrow('bytes at once')
    expect(await sorted(200, 21_000_000)).toBe(200)
  })

  it('counts no more than what is wanted of it', async () => {
    const sorted = await largeDocuments(false)
    expect(await sorted(3, 12_000_000)).toBe(3)
  })

  it('counts references to what is sorted where it lies', async () => {
    const sorted = await largeDocuments(true)
    expect(await sorted(200, 2_000_000)).toBe(200)
  })

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
