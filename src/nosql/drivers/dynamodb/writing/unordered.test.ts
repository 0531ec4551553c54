import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../../../../tools/dynamodb-server/serve.ts'
import { toSecret } from '../../../../core/setting/secret.ts'
import { BulkWriteError } from '../../../bulk-write-error.ts'
import { createDocumentStore, type DocumentStore } from '../../../store/document-store.ts'
import { dynamodb } from '../dynamodb-driver.ts'

let server: DynamoServer
let store: DocumentStore
beforeAll(async () => {
  server = await serveDynamo()
  const credentials = { accessKeyId: 'test', secretAccessKey: toSecret('test') }
  const config = { endpointUrl: server.endpoint, table: 'app', createTables: true, ...credentials }
  store = createDocumentStore(dynamodb(), { config, scans: 'allow' })
})
afterAll(async () => {
  await store.disconnect()
  await server.close()
})

describe('unordered inserts of one _id', () => {
  it('are won by the first of them, every time', { timeout: 60_000 }, async () => {
    const items = store.collection('items')
    for (let round = 0; round < 30; round++) {
      const documents = [1, 2, 3, 2, 4].map((n, at) => ({ _id: `${round}-${n}`, at }))
      const error: unknown = await items.insertMany(documents, { ordered: false }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(BulkWriteError)
      expect((error as BulkWriteError).errors.map(({ index }) => index)).toEqual([3])
      expect(await items.findOne({ _id: `${round}-2` })).toMatchObject({ at: 1 })
    }
  })
})
