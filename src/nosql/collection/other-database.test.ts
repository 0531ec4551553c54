import { describe, expect, it } from 'vitest'
import { aggregation } from '../aggregation/index.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { createDocumentStore } from '../store/document-store.ts'

describe.each([
  ['$out', (db: string) => ({ $out: { db, coll: 'copies' } })],
  ['$merge', (db: string) => ({ $merge: { into: { db, coll: 'copies' } } })],
])('%s with the name of a database', (_stage, stageFor) => {
  const open = async (database?: string) => {
    const store = createDocumentStore(memory({ aggregation: aggregation() }), {
      scans: 'allow',
      ...(database !== undefined && { database }),
    })
    await store.collection('items').insertOne({ _id: 1 })
    return store
  }

  it('writes into its own database', async () => {
    const store = await open('shop')
    await store
      .collection('items')
      .aggregate([stageFor('shop')])
      .toArray()
    expect(await store.collection('copies').find({}).toArray()).toEqual([{ _id: 1 }])
  })

  it.each(['shop', undefined])('cannot write from the database %s into another', async (database) => {
    const store = await open(database)
    const work = store
      .collection('items')
      .aggregate([stageFor('reports')])
      .toArray()
    await expect(work).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
    expect(await store.listCollections()).toEqual(['items'])
  })
})
