import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBStreams } from '@aws-sdk/client-dynamodb-streams'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secondLane } from '../../../../../test/support/second-lane.ts'
import { serveDynamo, type DynamoServer } from '../../../../../tools/dynamodb-server/serve.ts'
import { documentStoreConformance } from '../../../../testing/document-store-conformance/document-store-conformance.ts'
import { aggregation } from '../../../aggregation/engine.ts'
import { createDocumentStore } from '../../../store/document-store.ts'
import { dynamodb } from '../dynamodb-driver.ts'
import { streams } from '../streams/streams.ts'
import { awsSdk } from './aws-sdk.ts'

let server: DynamoServer
let client: DynamoDBClient
let ofStreams: DynamoDBStreams
beforeAll(async () => {
  server = await serveDynamo()
  const settings = {
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  }
  client = new DynamoDBClient(settings)
  ofStreams = new DynamoDBStreams(settings)
})
afterAll(async () => {
  client.destroy()
  ofStreams.destroy()
  await server.close()
})

const kinds = [
  ['DynamoDBClient', () => client],
  ['DynamoDBDocumentClient', () => DynamoDBDocumentClient.from(client)],
] as const

describe.each(kinds)('the DynamoDB driver over a %s', (_name, clientOf) => {
  const config = { table: 'app', createTables: true }
  documentStoreConformance(
    {
      open: (options) => {
        const driver = dynamodb({
          aggregation: aggregation(),
          catalogLifetime: 20,
          transport: awsSdk(clientOf(), { streams: ofStreams }),
          streams: streams({ pollInterval: 5 }),
        })
        return createDocumentStore(driver, { ...options, config })
      },
    },
    secondLane,
  )

  it('loses no digit and no byte', async () => {
    const driver = dynamodb({ transport: awsSdk(clientOf()) })
    const items = createDocumentStore(driver, { config }).collection('digits')
    await items.drop()
    const document = {
      _id: 'x',
      large: 2n ** 63n - 1n,
      small: 0.1 + 0.2,
      bytes: new Uint8Array([0, 255, 128]),
      empty: { text: '', list: [], map: {}, bytes: new Uint8Array() },
      list: [null, [1, [2n]]],
    }
    await items.insertOne(document)
    expect(await items.findOne({ _id: 'x' })).toEqual(document)
  })
})

describe('awsSdk()', () => {
  it.each([undefined, {}, { send: () => undefined, config: { serviceId: 'S3' } }])('refuses %o', (given) => {
    expect(() => awsSdk(given as never)).toThrowError(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
  })

  it('sends nothing without credentials', async () => {
    const without = new DynamoDBClient({
      endpoint: server.endpoint,
      region: 'us-east-1',
      credentials: () => Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' })),
    })
    const before = server.requests.get('ListTables')
    const backend = dynamodb({ transport: awsSdk(without) }).open()
    await expect(backend.ping({ now: Date.now() })).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_002',
      message: expect.stringContaining('no credentials are available') as string,
    })
    expect(server.requests.get('ListTables')).toBe(before)
    without.destroy()
  })
})
