import { afterAll, beforeAll, expect, it } from 'vitest'
import { toSecret } from '../../src/core/setting/secret.ts'
import { dynamodb } from '../../src/nosql/drivers/dynamodb/dynamodb-driver.ts'
import { serveDynamo, type DynamoServer } from '../../tools/dynamodb-server/serve.ts'
import { campaignOf } from './campaign.ts'
import { indexesOf } from './indexes.ts'
import { freshName, startIsolate, type Lane } from './lane.ts'
import { transactionsOf } from './transactions.ts'

let server: DynamoServer
beforeAll(async () => {
  server = await serveDynamo()
})
afterAll(() => server.close())

const lane = (): Lane => ({
  target: { host: '127.0.0.1', port: Number(new URL(server.endpoint).port) },
  open: (port, catalogLifetime) => ({
    driver: dynamodb({ catalogLifetime }),
    config: {
      endpointUrl: `http://127.0.0.1:${port}`,
      createTables: true,
      accessKeyId: 'test',
      secretAccessKey: toSecret('test'),
    },
  }),
  operationOf: (head) => /x-amz-target: DynamoDB_20120810\.(\w+)/i.exec(head)?.[1] ?? 'unknown',
  get: 'GetItem',
  commit: 'TransactWriteItems',
  scan: 'Scan',
  hasToken: true,
  // A document, its lock and its entry.
  tooManyWrites: 34,
  documentBytes: 300_000,
  tooManyDocuments: 8,
})

campaignOf(lane)
transactionsOf(lane)
indexesOf(lane)

it('asks for no table that it has met', async () => {
  await using isolate = await startIsolate(lane(), 60_000)
  const items = isolate.store.collection(freshName())
  await items.insertOne({ _id: 1 })
  isolate.sent.length = 0
  await items.insertOne({ _id: 2 })
  await items.updateOne({ _id: 2 }, { $set: { n: 1 } })
  expect(isolate.sent).not.toContain('DescribeTable')
})

it('makes a table that a transaction misses', async () => {
  await using isolate = await startIsolate(lane(), 60_000)
  await isolate.store.transaction(async (tx) => tx.collection(freshName()).insertOne({ _id: 1 }))
})
