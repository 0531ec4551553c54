import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../../../tools/dynamodb-server/serve.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 30_000 })

const spec = defineCollection('items', {
  fields: { email: 'string', team: 'string', n: 'number' },
  indexes: [{ keys: 'email', unique: true }, { keys: { team: 1, n: 1 } }],
})

let server: DynamoServer
let store: ReturnType<typeof createDocumentStore>
beforeAll(async () => {
  server = await serveDynamo()
  const driver = dynamodb({
    credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }),
    // The catalogue is read once, and what follows is what each operation costs.
    catalogLifetime: 600_000,
  })
  const config = { endpointUrl: server.endpoint, table: 'app' }
  await createDocumentStore(driver, { config: { ...config, createTables: true } }).createCollection('plain')
  store = createDocumentStore(driver, { config, scans: 'allow' })
  await store.createCollection(spec)
  await store.collection('plain').insertMany(Array.from({ length: 250 }, (_, _id) => ({ _id, n: 0 })))
  await store
    .collection(spec)
    .insertMany(
      Array.from({ length: 60 }, (_, n) => ({ _id: n, email: `${n}@example.org`, team: n < 50 ? 'red' : 'blue', n })),
    )
}, 60_000)
afterAll(() => server.close())

async function requestsOf(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const before = new Map(server.requests)
  await work()
  const sent = [...server.requests].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const)
  return Object.fromEntries(sent.filter(([, count]) => count > 0))
}

const plain = () => store.collection('plain')
const indexed = () => store.collection(spec)
const many = (count: number) => Array.from({ length: count }, (_, n) => ({ n }))
const ids = (count: number) => ({ _id: { $in: Array.from({ length: count }, (_, id) => id) } })

describe('requests of each operation', () => {
  it.each<[name: string, work: () => Promise<unknown>, requests: Readonly<Record<string, number>>]>([
    ['get by _id', () => plain().findOne({ _id: 1 }), { GetItem: 1 }],
    ['250 gets by _id', () => plain().find(ids(250)).toArray(), { BatchGetItem: 3 }],
    ['insert, no unique index', () => plain().insertOne({ a: 1 }), { PutItem: 1 }],
    ['insert with a unique index', () => indexed().insertOne({ _id: 'x', email: 'x' }), { TransactWriteItems: 1 }],
    ['insertMany(600), unordered', () => plain().insertMany(many(600), { ordered: false }), { BatchWriteItem: 24 }],
    ['insertMany(600), ordered', () => plain().insertMany(many(600)), { TransactWriteItems: 6 }],
    ['$set by _id', () => plain().updateOne({ _id: 1 }, { $set: { n: 5 } }), { UpdateItem: 1 }],
    ['$inc by _id', () => plain().updateOne({ _id: 1 }, { $inc: { n: 1 } }), { UpdateItem: 1 }],
    ['deletion by _id', () => plain().deleteOne({ _id: 2 }), { DeleteItem: 1 }],
    [
      'update by _id of an indexed document',
      () => indexed().updateOne({ _id: 1 }, { $set: { team: 'green' } }),
      { GetItem: 1, TransactWriteItems: 1 },
    ],
    [
      'page of 20 by an index',
      () =>
        indexed()
          .find({ team: 'red' }, { sort: { n: 1 }, limit: 20 })
          .toArray(),
      { Query: 1 },
    ],
    ['find by a unique key', () => indexed().findOne({ email: '7@example.org' }), { Query: 1 }],
    ['exact count by an index', () => indexed().countDocuments({ team: 'red' }), { Query: 1 }],
    [
      'updateMany over 10 matches by an index: each document with its entries is a transaction',
      () => indexed().updateMany({ team: 'blue' }, { $set: { note: 'x' } }),
      { Query: 1, TransactWriteItems: 10 },
    ],
    [
      'transaction: two reads by _id, two writes',
      () =>
        store.transaction(async (tx) => {
          await tx.collection('plain').findOne({ _id: 11 })
          await tx.collection('plain').findOne({ _id: 12 })
          await tx.collection('plain').insertOne({ a: 1 })
          await tx.collection('plain').insertOne({ a: 2 })
        }),
      { GetItem: 2, TransactWriteItems: 1 },
    ],
  ])('%s', async (_name, work, requests) => {
    expect(await requestsOf(work)).toEqual(requests)
  })

  it('do not grow with the collection', async () => {
    const page = () =>
      indexed()
        .find({ team: 'red' }, { sort: { n: 1 }, limit: 5 })
        .toArray()
    const before = await requestsOf(page)
    await indexed().insertMany(
      Array.from({ length: 100 }, (_, n) => ({ email: `more ${n}`, team: 'red', n: 1000 + n })),
    )
    expect(await requestsOf(page)).toEqual(before)
  })
})

describe('an unordered insert of many', () => {
  it('drops nothing that DynamoDB leaves unprocessed', async () => {
    let batches = 0
    await using faulty = await serveDynamo({
      fault: (operation) => (operation === 'BatchWriteItem' && ++batches % 2 === 1 ? 'unprocessed' : undefined),
    })
    const driver = dynamodb({ credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }) })
    const items = createDocumentStore(driver, {
      config: { endpointUrl: faulty.endpoint, createTables: true },
      scans: 'allow',
    }).collection('items')
    await items.insertMany(many(100), { ordered: false })
    expect(await items.countDocuments()).toBe(100)
  })

  it('says what it could not store', async () => {
    await using faulty = await serveDynamo({
      fault: (operation) => (operation === 'BatchWriteItem' ? 'unprocessed' : undefined),
    })
    const driver = dynamodb({ credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }) })
    const store = createDocumentStore(driver, { config: { endpointUrl: faulty.endpoint, createTables: true } })
    await store.createCollection('items')
    const insert = store.collection('items').insertMany(many(3), { ordered: false, deadline: Date.now() + 300 })
    await expect(insert).rejects.toMatchObject({ errors: [{ index: 0 }, { index: 1 }, { index: 2 }] })
  })
})
