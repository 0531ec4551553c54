import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../../../tools/dynamodb-server/serve.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'

let server: DynamoServer
beforeAll(async () => {
  server = await serveDynamo()
})
afterAll(() => server.close())

const storeWith = (settings: object) =>
  createDocumentStore(
    dynamodb({ credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }) }),
    { config: { endpointUrl: server.endpoint, ...settings }, scans: 'allow' },
  )

describe.each([{}, { table: 'nowhere' }])('a table that does not exist, with %o', (layout) => {
  it('is an empty one where writes create tables', async () => {
    const store = storeWith({ ...layout, createTables: true })
    const items = store.collection('missing')
    expect(await items.find().toArray()).toEqual([])
    expect(await items.drop()).toBe(false)
    expect(await store.listCollections()).toEqual([])
  })

  it('is an error elsewhere', async () => {
    const items = storeWith(layout).collection('missing')
    await expect(items.find().toArray()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
    await expect(items.insertOne({ a: 1 })).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
  })

  it('is created by createCollection', async () => {
    const store = storeWith({ ...layout, createTables: true })
    expect(await store.createCollection('made')).toBe(true)
    expect(await store.createCollection('made')).toBe(false)
    expect(await store.listCollections()).toEqual(['made'])
    await store.collection('made').drop()
  })
})
