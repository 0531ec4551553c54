import { describe, expect, it } from 'vitest'
import { changedDriver } from '../../../test/support/changed-driver.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { createDocumentStore } from '../store/document-store.ts'
import { defineCollection } from './define-collection.ts'
import type { DocumentDriver } from './driver.ts'
import type { DriverCollection } from './driver-collection.ts'
import type { Insert, Modification, WriteOutcome } from './write.ts'

/** The memory driver, each of whose collections is changed. */
function changed(change: (inner: DriverCollection) => Partial<DriverCollection>): DocumentDriver {
  return changedDriver(memory(), (inner) => ({ ...inner, ...change(inner) }))
}

const users = defineCollection('users', { fields: { age: 'number', 'address.zip': 'string' } })

/** Which of the updates were handed to the backend. */
async function handedOn(updates: readonly object[]): Promise<readonly object[]> {
  const seen: Modification[] = []
  const driver = changed(() => ({
    async modify(command) {
      seen.push(command)
      return { matchedCount: 0, modifiedCount: 0 }
    },
  }))
  const collection = createDocumentStore(driver, { scans: 'allow' }).collection(users)
  const native: object[] = []
  for (const update of updates) {
    const before = seen.length
    await collection.updateOne({ _id: 1 }, update)
    if (seen.length > before) native.push(update)
  }
  return native
}

describe('an update', () => {
  it('is handed to the backend where its operands prove every check', async () => {
    const proven = [
      { $set: { name: 'Ada', 'deep.er': { a: [1] } } },
      { $set: { age: 3 } },
      { $set: { age: null } },
      { $set: { address: { zip: '1', city: 'x' } } },
      { $inc: { age: 1, visits: -2 } },
      { $mul: { visits: 0.5 } },
      { $unset: { age: '' } },
      { $push: { tags: { $each: ['a'], $slice: -5 } } },
      { $pull: { tags: { $regex: '^x' } } },
    ]
    expect(await handedOn(proven)).toEqual(proven)
  })

  it('is read, applied and written where they do not', async () => {
    const open = [
      { $set: { age: 'old' } },
      { $set: { 'age.years': 3 } },
      { $set: { address: { zip: 1 } } },
      { $set: { address: [{ zip: '1' }] } },
      { $set: { _rev: 1 } },
      { $set: { _id: 1 } },
      { $push: { age: 1 } },
      { $rename: { name: 'title' } },
      { $mul: { visits: 3 } },
      { $inc: { visits: 1e300 } },
      { $currentDate: { age: true } },
    ]
    expect(await handedOn(open)).toEqual([])
  })
})

describe('a write that is not answered', () => {
  const lost = new Error('the socket was closed')
  const unsure = (when: number) => {
    let calls = 0
    return changed(({ write }) => ({
      async write(writes, context): Promise<readonly WriteOutcome[]> {
        return ++calls === when ? writes.map(() => ({ kind: 'unsure', error: lost })) : write(writes, context)
      },
    }))
  }

  it('ends in an error whose outcome is unknown, without a second attempt', async () => {
    const items = createDocumentStore(unsure(1)).collection('items')
    await expect(items.insertOne({ _id: 1 })).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_014',
      outcome: 'unknown',
      cause: lost,
    })
    expect(await items.countDocuments()).toBe(0)
  })

  it('says of a bulk write what was applied before', async () => {
    const items = createDocumentStore(unsure(2)).collection('items')
    const bulk = items.bulkWrite([
      { insertOne: { document: { _id: 1 } } },
      { deleteOne: { filter: { _id: 1 } } },
      { insertOne: { document: { _id: 2 } } },
    ])
    await expect(bulk).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_011',
      outcome: 'unknown',
      errors: [{ index: 1 }],
      result: { insertedCount: 1, insertedIds: { 0: 1 } },
    })
  })

  it('says of an unordered bulk write which operations it has not tried any more', async () => {
    const items = createDocumentStore(unsure(2)).collection('items')
    const operations = [
      { insertOne: { document: { _id: 1 } } },
      { deleteOne: { filter: { _id: 1 } } },
      { insertOne: { document: { _id: 2 } } },
      { updateOne: { filter: { _id: 1 }, update: { $set: { n: 1 } } } },
    ]
    await expect(items.bulkWrite(operations, { ordered: false })).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_011',
      outcome: 'unknown',
      errors: [
        { index: 1, error: { code: 'LEX_ERR_NOSQL_014' } },
        { index: 2, error: { code: 'LEX_ERR_NOSQL_002', cause: { code: 'LEX_ERR_NOSQL_014' } } },
        { index: 3, error: { code: 'LEX_ERR_NOSQL_002' } },
      ],
      result: { insertedCount: 1, insertedIds: { 0: 1 } },
    })
    expect(await items.findOne({ _id: 2 })).toBeNull()
  })

  it('says of an update of many how many documents were changed before', async () => {
    const items = createDocumentStore(unsure(3), { scans: 'allow' }).collection('items')
    await items.insertMany(Array.from({ length: 700 }, (_, _id) => ({ _id })))
    const update = items.updateMany({}, { $set: { a: 1 } })
    await expect(update).rejects.toMatchObject({ outcome: 'unknown', details: { modifiedCount: 500 } })
    expect(await items.countDocuments({ a: 1 })).toBe(500)
  })
})

describe('a bulk write', () => {
  it('goes to the backend in one call where it can', async () => {
    const calls: (readonly (Insert | Modification)[])[] = []
    const driver = changed(() => ({
      async modifyMany(commands) {
        calls.push(commands)
        return { matchedCount: 1, modifiedCount: 1, deletedCount: 2, upsertedIds: new Map([[1, 'u']]), errors: [] }
      },
    }))
    const items = createDocumentStore(driver, { scans: 'allow' }).collection('items')
    const result = await items.bulkWrite([
      { insertOne: { document: { n: 1 } } },
      { updateOne: { filter: { _id: 'u' }, update: { $set: { n: 1 } }, upsert: true } },
      { deleteMany: { filter: { n: 2 } } },
    ])
    expect(calls.map((commands) => commands.map(({ kind }) => kind))).toEqual([['insert', 'modify', 'modify']])
    expect(calls[0]?.[0]).toMatchObject({ generatedId: true })
    expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, deletedCount: 2, upsertedIds: { 1: 'u' } })
  })
})

describe('a plan', () => {
  it('cannot claim a limit without the position that comes before it', async () => {
    let claims = false
    const driver = changed((inner) => ({
      async plan(query, context) {
        const plan = await inner.plan(query, context)
        return claims ? { ...plan, exact: true, sorted: true, positioned: false, limited: true } : plan
      },
    }))
    const items = createDocumentStore(driver, { cursorSecret: 'a secret of more than sixteen letters' }).collection(
      'items',
    )
    await items.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
    const { next } = await items.findPage({}, { limit: 1 })
    claims = true
    await expect(items.findPage({}, { limit: 1, after: next })).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})
