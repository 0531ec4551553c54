import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../../../tools/dynamodb-server/serve.ts'
import type { IndexOptions } from '../../contract/index-model.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 30_000 })

let server: DynamoServer
beforeAll(async () => {
  server = await serveDynamo()
})
afterAll(() => server.close())

const hour = 3_600_000
const now = Date.now()

/** A collection with a TTL index of an hour, and perhaps another index. */
async function open(name: string, ...others: readonly IndexOptions[]) {
  const driver = dynamodb({
    credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }),
    catalogLifetime: 20,
  })
  const config = { endpointUrl: server.endpoint, table: name, createTables: true }
  const items = createDocumentStore(driver, { config, scans: 'allow' }).collection(name)
  await items.createIndex({ at: 1 }, { expireAfterSeconds: 3600 })
  for (const options of others) await items.createIndex({ code: 1 }, options)
  // A store whose clock stands still sees what DynamoDB has deleted, and hides nothing by itself.
  const ids = async () => {
    const store = createDocumentStore(driver, { config, scans: 'allow', clock: () => 0 })
    return (
      await store
        .collection(name)
        .find({}, { sort: { _id: 1 } })
        .toArray()
    ).map(({ _id }) => _id)
  }
  return { items, ids, sweep: (at: number) => server.sweep(name, at) }
}

describe('the time to live of documents', () => {
  it('is an attribute of them and of their index entries, by the earliest date', async () => {
    const { items, ids, sweep } = await open('plain', {})
    await items.insertMany([
      { _id: 1, at: new Date(now), code: 'a' },
      { _id: 2, at: [new Date(now + 9 * hour), new Date(now)], code: 'b' },
      { _id: 3, at: new Date(now + hour), code: 'c' },
      { _id: 4, at: 'never', code: 'd' },
      { _id: 5, code: 'e' },
    ])
    expect(await sweep(now + hour - 1000)).toBe(0)
    // Two documents; an entry of `at` for the one date and two for the two, and one of `code` for each.
    expect(await sweep(now + hour + 1000)).toBe(7)
    expect(await ids()).toEqual([3, 4, 5])
    expect(await items.find({ code: { $gte: '' } }).toArray()).toHaveLength(3)
  })

  it('moves with the date', async () => {
    const { items, ids, sweep } = await open('moving')
    await items.insertOne({ _id: 1, at: new Date(now) })
    await items.updateOne({ _id: 1 }, { $set: { at: new Date(now + hour) } })
    expect(await sweep(now + hour + 1000)).toBe(0)
    await items.updateOne({ _id: 1 }, { $unset: { at: '' } })
    expect(await sweep(now + 99 * hour)).toBe(0)
    expect(await ids()).toEqual([1])
  })

  it('ends with its index', async () => {
    const { items, ids, sweep } = await open('dropped', {})
    await items.insertOne({ _id: 1, at: new Date(now), code: 'a' })
    await items.dropIndex('at_1')
    expect(await sweep(now + 9 * hour)).toBe(0)
    expect(await ids()).toEqual([1])
  })

  it('is left to this package where a lock would outlive the document', async () => {
    const { items, ids, sweep } = await open('unique')
    await items.insertOne({ _id: 1, at: new Date(now - hour), code: 'a' })
    await items.createIndex({ code: 1 }, { unique: true })
    await items.insertOne({ _id: 2, at: new Date(now - hour), code: 'b' })
    // Of an entry that was there before; the document has lost its time.
    expect(await sweep(now + 9 * hour)).toBe(1)
    expect(await ids()).toEqual([1, 2])
    // Both are past their time: hidden, and out of the way of their successors.
    expect(await items.countDocuments()).toBe(0)
    await items.insertMany([
      { _id: 3, code: 'a' },
      { _id: 4, code: 'b' },
    ])
    expect(await items.countDocuments()).toBe(2)
  })
})
