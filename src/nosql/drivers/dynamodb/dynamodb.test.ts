import { afterAll, beforeAll, describe, it } from 'vitest'
import { secondLane } from '../../../../test/support/second-lane.ts'
import { httpAnswer, startSpoiledWire, type SpoiledWire } from '../../../../test/support/spoiled-wire.ts'
import { serveDynamo, type DynamoServer } from '../../../../tools/dynamodb-server/serve.ts'
import { documentStoreConformance } from '../../../testing/document-store-conformance/document-store-conformance.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { aggregation } from '../../aggregation/engine.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'
import { streams } from './streams/streams.ts'

let server: DynamoServer
let wire: SpoiledWire
beforeAll(async () => {
  server = await serveDynamo()
  const refusal = httpAnswer('400 Bad Request', { __type: 'com.amazon.coral.service#AccessDeniedException' })
  wire = await startSpoiledWire({ port: Number(new URL(server.endpoint).port), refusalOf: () => refusal })
})
afterAll(async () => {
  await wire[Symbol.asyncDispose]()
  await server.close()
})

const firstLane = { describe, it: (name: string, run: () => Promise<void>) => it(name, run, 60_000) }

const layouts = [
  ['a table for each collection', {}, firstLane],
  ['one table for all', { table: 'app' }, secondLane],
] as const

describe.each(layouts)('the DynamoDB driver with %s', (_name, layout, framework) => {
  const driver = dynamodb({ aggregation: aggregation(), catalogLifetime: 20, streams: streams({ pollInterval: 5 }) })
  const steady = dynamodb({ catalogLifetime: 600_000, streams: streams() })
  const config = (endpointUrl: string) => ({
    ...layout,
    endpointUrl,
    createTables: true,
    accessKeyId: 'test',
    secretAccessKey: toSecret('test'),
  })
  documentStoreConformance(
    {
      open: (options) => createDocumentStore(driver, { ...options, config: config(server.endpoint) }),
      openSteady: (options) =>
        createDocumentStore(steady, { ...options, config: config(`http://127.0.0.1:${wire.port}`) }),
      requests: { sent: () => wire.sent() },
      faults: { inject: (...fault) => wire.faults.inject(...fault), open: () => wire.faults.open() },
    },
    framework,
  )
})
