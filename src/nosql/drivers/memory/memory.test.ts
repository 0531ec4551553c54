import { describe, expect, it } from 'vitest'
import { aggregation } from '../../aggregation/index.ts'
import { documentStoreConformance } from '../../../testing/document-store-conformance/document-store-conformance.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { memory } from './memory-driver.ts'

describe('memory driver', () => {
  const driver = memory({ aggregation: aggregation() })
  documentStoreConformance({ open: (options) => createDocumentStore(driver, options) }, { describe, it })
})

describe('memory driver without the aggregation engine', () => {
  const driver = memory({ documentBytes: 4096, ids: 'any' })
  documentStoreConformance({ open: (options) => createDocumentStore(driver, options) }, { describe, it })
})

describe('an _id that is an object', () => {
  const items = () => createDocumentStore(memory({ ids: 'any' })).collection('items')

  it.each([[{ $a: 1 }], [{ a: { $b: 1 } }], [{ a: [{ $b: 1 }] }]])(
    'cannot have a name with a dollar: %j',
    async (_id) => {
      const id = _id as never // the types know no objects as ids
      await expect(items().insertOne({ _id: id })).rejects.toMatchObject({ details: { path: '_id' } })
    },
  )

  it('has any other', async () => {
    const id = { a: { b$: '$' }, at: new Date(0) } as never // the types know no objects as ids
    const collection = items()
    await collection.insertOne({ _id: id })
    expect(await collection.findOne({ _id: id })).toEqual({ _id: id })
  })
})

describe('a bulk write', () => {
  it('has one $$NOW for all its operations', async () => {
    let now = 0
    const driver = memory({ aggregation: aggregation() })
    const items = createDocumentStore(driver, { clock: () => ++now }).collection('items')
    await items.insertMany([{ _id: 1 }, { _id: 2 }])
    const stamp = [{ $set: { at: '$$NOW' } }]
    await items.bulkWrite([
      { updateOne: { filter: { _id: 1 }, update: stamp } },
      { updateMany: { filter: { _id: { $gt: 1 } }, update: stamp } },
    ])
    expect(await items.distinct('at')).toHaveLength(1)
  })
})
