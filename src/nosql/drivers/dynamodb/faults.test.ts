import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { serveDynamo, type DynamoServer, type Fault } from '../../../../tools/dynamodb-server/serve.ts'
import { cancelled, failure, type Answer } from '../../../../tools/dynamodb-server/transactions.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'
import { awsSdk } from './sdk/aws-sdk.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 30_000 })

const keys = { accessKeyId: 'test', secretAccessKey: 'test' }
const transports = [
  ['the light transport', () => undefined],
  [
    'the SDK',
    (endpoint: string) =>
      awsSdk(new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: keys, maxAttempts: 1 })),
  ],
] as const

const servers: DynamoServer[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const server of servers.splice(0)) await server.close()
})

describe.each(transports)('over %s', (_name, transportOf) => {
  /** A collection behind a server that fails as told, once its table is there. */
  const collection = async (fault: (operation: string, request: number) => Fault | Answer | undefined) => {
    let request: number | undefined
    const server = await serveDynamo({
      fault: (operation) => (request === undefined ? undefined : fault(operation, ++request)),
    })
    servers.push(server)
    const config = { endpointUrl: server.endpoint, table: 'app' }
    const driver = dynamodb({ transport: transportOf(server.endpoint), credentials: () => Promise.resolve(keys) })
    await createDocumentStore(driver, { config: { ...config, createTables: true } }).createCollection('items')
    const items = createDocumentStore(driver, { config, scans: 'allow' }).collection('items')
    await items.insertMany(Array.from({ length: 250 }, (_, _id) => ({ _id, n: 0 })))
    const before = new Map(server.requests)
    request = 0
    const count = (operation: string) => (server.requests.get(operation) ?? 0) - (before.get(operation) ?? 0)
    return { items, count, total: () => request ?? 0 }
  }

  it('no key that is left unprocessed is missing from the answer', async () => {
    let odd = false
    const { items, count } = await collection((operation) =>
      operation === 'BatchGetItem' && (odd = !odd) ? 'unprocessed' : undefined,
    )
    const found = await items.find({ _id: { $in: Array.from({ length: 250 }, (_, id) => id) } }).toArray()
    expect(found).toHaveLength(250)
    expect(count('BatchGetItem')).toBe(6)
  })

  it('keys that are never processed end in an error, not in a short answer', async () => {
    const { items } = await collection((operation) => (operation === 'BatchGetItem' ? 'unprocessed' : undefined))
    const find = items.find({ _id: { $in: [1, 2] } }, { deadline: Date.now() + 300 }).toArray()
    // The deadline passes while it waits to ask again, or while it asks.
    await expect(find).rejects.toMatchObject({ code: expect.stringMatching(/^LEX_ERR_(?:NOSQL|INFRA)_002$/) })
  })

  it('what is throttled is sent again until it is done', async () => {
    const { items, total } = await collection((_operation, request) => (request % 3 === 0 ? 'throttle' : undefined))
    for (let n = 0; n < 10; n++) await items.updateOne({ _id: n }, { $inc: { n: 1 } })
    expect(await items.countDocuments({ n: 1 })).toBe(10)
    expect(total()).toBeGreaterThan(14)
  })

  it('an item of a transaction that is throttled alone is sent again with it', async () => {
    let left = 2
    const { items, count } = await collection((operation) =>
      operation === 'TransactWriteItems' && left-- > 0
        ? cancelled([{ Code: 'None' }, { Code: 'ThrottlingError', Message: 'Throughput exceeds the current capacity' }])
        : undefined,
    )
    await items.insertMany([{ _id: 'a' }, { _id: 'b' }])
    expect(count('TransactWriteItems')).toBe(3)
    expect(await items.countDocuments({ _id: { $in: ['a', 'b'] } })).toBe(2)
  })

  it('a key that stays hot is distinguished from a table that is', async () => {
    const hot = {
      ...failure('ProvisionedThroughputExceededException', 'too much'),
      body: {
        ...failure('ProvisionedThroughputExceededException', 'too much').body,
        ThrottlingReasons: [{ reason: 'TableReadKeyRangeThroughputExceeded', resource: 'arn' }],
      },
    }
    let answer: Answer | 'throttle' = hot
    const { items } = await collection(() => answer)
    // Short waits use up the attempts; a deadline may end an attempt, and be the error.
    vi.spyOn(Math, 'random').mockReturnValue(0.05)
    const outcome = () => items.findOne({ _id: 1 }).catch((error: unknown) => error)
    expect(await outcome()).toMatchObject({
      code: 'LEX_ERR_NOSQL_002',
      message: expect.stringContaining('some keys') as string,
    })
    answer = 'throttle'
    expect(await outcome()).toMatchObject({
      code: 'LEX_ERR_NOSQL_002',
      message: expect.not.stringContaining('some keys') as string,
    })
  })

  it('a write whose answer is lost is done once', async () => {
    let lost = 0
    const { items } = await collection((operation) =>
      /^(?:Put|Update|Transact)/.test(operation) && ++lost % 2 === 1 ? 'lose the answer' : undefined,
    )
    await items.updateOne({ _id: 1 }, { $inc: { n: 1 } })
    await items.insertOne({ _id: 'new' })
    await items.insertMany([{ _id: 'a' }, { _id: 'b' }])
    expect(await items.findOne({ _id: 1 })).toMatchObject({ n: 1 })
    expect(await items.countDocuments({ _id: { $in: ['new', 'a', 'b'] } })).toBe(3)
  })

  it('an update that may have been done is said to be unknown', async () => {
    const { items, count } = await collection((operation) => (operation === 'UpdateItem' ? 'reset' : undefined))
    const update = items.updateOne({ _id: 1 }, { $inc: { n: 1 } })
    await expect(update).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_014', outcome: 'unknown' })
    expect(count('UpdateItem')).toBe(1)
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 0 })
  })
})
