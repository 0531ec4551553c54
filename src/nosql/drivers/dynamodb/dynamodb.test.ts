import { afterAll, beforeAll, describe, it } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../../../tools/dynamodb-server/serve.ts'
import { documentStoreConformance } from '../../../testing/document-store-conformance/document-store-conformance.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { aggregation } from '../../aggregation/engine.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'

let server: DynamoServer
beforeAll(async () => {
  server = await serveDynamo()
})
afterAll(() => server.close())

const layouts = [
  ['a table for each collection', {}],
  ['one table for all', { table: 'app' }],
] as const

describe.each(layouts)('the DynamoDB driver with %s', (_name, layout) => {
  const driver = dynamodb({ aggregation: aggregation(), catalogLifetime: 20 })
  const config = () => ({
    ...layout,
    endpointUrl: server.endpoint,
    createTables: true,
    accessKeyId: 'test',
    secretAccessKey: toSecret('test'),
  })
  documentStoreConformance(
    { open: (options) => createDocumentStore(driver, { ...options, config: config() }) },
    { describe, it: (name, run) => it(name, run, 60_000) },
  )
})
