import { describe, expect, it } from 'vitest'
import { createDocumentStore } from '../../document-store.ts'
import { memory } from './memory-driver.ts'

describe('memory store', () => {
  it('does crud', async () => {
    const store = createDocumentStore(memory())
    const c = store.collection('a')
    await c.insertMany([{ a: 1 }, { a: 2 }])
    expect(await c.find({ a: { $gt: 1 } }).toArray()).toMatchObject([{ a: 2 }])
    expect(await c.updateMany({}, { $inc: { a: 1 } })).toMatchObject({ modifiedCount: 2 })
    expect(await c.find({}, { sort: { a: -1 } }).toArray()).toMatchObject([{ a: 3 }, { a: 2 }])
    await c.createIndex({ a: 1 })
    expect(await c.explain({ a: 3 })).toMatchObject({ access: 'index', residual: [] })
    expect(await c.find({ a: 3 }).toArray()).toMatchObject([{ a: 3 }])
    await store.transaction(async (tx) => {
      await tx.collection('a').updateOne({ a: 3 }, { $set: { a: 9 } })
      expect(await tx.collection('a').countDocuments({ a: 9 })).toBe(1)
      expect(await c.countDocuments({ a: 9 })).toBe(0)
    })
    expect(await c.countDocuments({ a: 9 })).toBe(1)
  })
})
