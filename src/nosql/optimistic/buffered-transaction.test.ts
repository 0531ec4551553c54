import { describe, expect, it } from 'vitest'
import { lockFreeDriver } from '../../../test/support/lock-free-driver.ts'
import { documentStoreConformance } from '../../testing/document-store-conformance/document-store-conformance.ts'
import { createDocumentStore } from '../store/document-store.ts'
import { UnknownOutcomeError, WriteConflictError } from '../errors.ts'
import type { CommitRequest } from './buffered-transaction.ts'

describe('a backend without locks', () => {
  const driver = lockFreeDriver({ maxWrites: 100 })
  const sleep = async () => undefined
  documentStoreConformance(
    { open: (options) => createDocumentStore(driver, { sleep, attempts: 100, ...options }) },
    { describe, it },
  )
})

/** A store, and what its transactions have committed. */
function watched(before: (request: CommitRequest) => void = () => undefined) {
  const commits: CommitRequest[] = []
  const driver = lockFreeDriver({
    beforeCommit(request) {
      commits.push(request)
      before(request)
    },
  })
  const store = createDocumentStore(driver, { scans: 'allow', sleep: async () => undefined })
  return { store, commits, items: store.collection('items') }
}

describe('a buffered transaction', () => {
  it('commits once, each document once, conditional on what was read by _id', async () => {
    const { store, items, commits } = watched()
    await items.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
      { _id: 3, n: 3 },
    ])
    await store.transaction(async (tx) => {
      const inside = tx.collection('items')
      await inside.findOne({ _id: 1 })
      await inside.findOne({ _id: 9 })
      await inside.updateOne({ _id: 2 }, { $inc: { n: 1 } })
      await inside.updateOne({ _id: 2 }, { $inc: { n: 1 } })
      await inside.deleteOne({ _id: 3 })
      await inside.insertOne({ _id: 4 })
      await inside.insertOne({ _id: 5 })
      await inside.deleteOne({ _id: 5 })
    })
    expect(commits).toHaveLength(1)
    expect(commits[0]?.writes.map(({ write }) => write.kind)).toEqual(['replace', 'delete', 'insert'])
    expect(commits[0]?.writes[0]).toMatchObject({ write: { before: { document: { n: 2 } }, document: { n: 4 } } })
    expect(commits[0]?.unchanged.map(({ id, revision }) => [id, revision === undefined])).toEqual([
      [1, false],
      [9, true],
      [5, true],
    ])
    expect(await items.find({}, { sort: '_id' }).toArray()).toEqual([{ _id: 1, n: 1 }, { _id: 2, n: 4 }, { _id: 4 }])
  })

  it('sends nothing for a transaction that has read one document', async () => {
    const { store, items, commits } = watched()
    await items.insertOne({ _id: 1 })
    await store.transaction(async (tx) => tx.collection('items').findOne({ _id: 1 }))
    expect(commits).toEqual([])
  })

  it('checks what a transaction without writes has read, where that was not one moment', async () => {
    const { store, items, commits } = watched()
    await items.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 1 },
    ])
    let runs = 0
    const seen = await store.transaction(async (tx) => {
      const first = await tx.collection('items').findOne({ _id: 1 })
      if (++runs === 1) await items.updateMany({}, { $inc: { n: 1 } })
      return [first?.['n'], (await tx.collection('items').findOne({ _id: 2 }))?.['n']]
    })
    expect([seen, runs, commits.length]).toEqual([[2, 2], 2, 2])
  })

  it('has another token when it runs again', async () => {
    let failures = 2
    const { store, items, commits } = watched(() => {
      if (failures-- > 0) throw new WriteConflictError('a rival')
    })
    await store.transaction(async (tx) => tx.collection('items').insertOne({ _id: 1 }))
    expect(new Set(commits.map(({ token }) => token)).size).toBe(3)
    expect(await items.countDocuments()).toBe(1)
  })

  it('is neither repeated nor reported as done when the commit is not answered', async () => {
    const { store, commits } = watched(() => {
      throw new UnknownOutcomeError('no answer')
    })
    const unsure = store.transaction(async (tx) => tx.collection('items').insertOne({ _id: 1 }))
    await expect(unsure).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_014', outcome: 'unknown' })
    expect(commits).toHaveLength(1)
  })

  it('stops trying when its time is over', async () => {
    const deadline = Date.now() + 300
    const { store, commits } = watched(() => {
      while (Date.now() <= deadline);
      throw new WriteConflictError('a rival')
    })
    const late = store.transaction(async (tx) => tx.collection('items').insertOne({ _id: 1 }), { deadline })
    await expect(late).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_008' })
    expect(commits).toHaveLength(1)
  })

  it('reads its own writes in the order and within the limits of the query', async () => {
    const { store, items } = watched()
    await items.createIndex('n')
    await items.insertMany(Array.from({ length: 10 }, (_, n) => ({ _id: n, n: n * 10 })))
    await store.transaction(async (tx) => {
      const inside = tx.collection('items')
      await inside.insertMany([
        { _id: 'a', n: 15 },
        { _id: 'b', n: 35 },
      ])
      await inside.updateOne({ _id: 0 }, { $set: { n: 95 } })
      await inside.deleteOne({ _id: 2 })
      const n = async (options: object) =>
        (await inside.find({ n: { $gte: 10 } }, { sort: { n: 1 }, ...options }).toArray()).map((found) => found['n'])
      expect(await n({})).toEqual([10, 15, 30, 35, 40, 50, 60, 70, 80, 90, 95])
      expect(await n({ skip: 1, limit: 3 })).toEqual([15, 30, 35])
      expect(await n({ skip: 9, limit: 5 })).toEqual([90, 95])
      expect(await inside.countDocuments({ n: { $gte: 10 } })).toBe(11)
      const page = await inside.findPage({}, { sort: { n: -1 }, limit: 3 })
      expect(page.items.map((found) => found['n'])).toEqual([95, 90, 80])
      const next = await inside.findPage({}, { sort: { n: -1 }, limit: 8, after: page.next })
      expect(next.items.map((found) => found['n'])).toEqual([70, 60, 50, 40, 35, 30, 15, 10])
    })
  })

  it('moves a unique key from one document to another as one change', async () => {
    const { store, items, commits } = watched()
    await items.createIndex('email', { unique: true })
    await items.insertMany([
      { _id: 1, email: 'a' },
      { _id: 2, email: 'b' },
    ])
    await store.transaction(async (tx) => {
      const inside = tx.collection('items')
      await inside.updateOne({ _id: 1 }, { $set: { email: 'c' } })
      await inside.updateOne({ _id: 2 }, { $set: { email: 'a' } })
    })
    expect(commits[0]?.locks.map(({ holder, next }) => [holder, next])).toEqual([
      [1, 2],
      [undefined, 1],
      [2, undefined],
    ])
    await expect(items.insertOne({ email: 'a' })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
    await items.insertOne({ email: 'b' })
  })

  it('queues the operations that a callback starts side by side', async () => {
    const { store, items } = watched()
    await items.insertOne({ _id: 1, n: 0 })
    let runs = 0
    await store.transaction(async (tx) => {
      runs++
      const inside = tx.collection('items')
      await Promise.all(Array.from({ length: 10 }, async () => inside.updateOne({ _id: 1 }, { $inc: { n: 1 } })))
    })
    expect([await items.findOne({}), runs]).toEqual([{ _id: 1, n: 10 }, 1])
  })
})
