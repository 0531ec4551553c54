import { describe, expect, it, vi } from 'vitest'
import { callTables, openWatched, take } from '../../../../../test/support/watched-dynamo.ts'

vi.setConfig({ testTimeout: 20_000 })

describe('shards', () => {
  it('shards that are split are read to their end before those that follow them', async () => {
    const { server, table, items } = await openWatched()
    await using stream = await items.watch()
    await items.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
    server.streams.split(table)
    for (const _id of [1, 2, 3]) await items.updateOne({ _id }, { $set: { n: 1 } })
    server.streams.split(table)
    for (const _id of [1, 2, 3]) await items.deleteOne({ _id })
    const all = await take(stream, 9)
    for (const id of [1, 2, 3])
      expect(all.filter((each) => each.endsWith(String(id)))).toEqual([`insert ${id}`, `update ${id}`, `delete ${id}`])
  })

  it('shards that were closed before are not read', async () => {
    const { server, table, items } = await openWatched()
    await items.insertOne({ _id: 1 })
    server.streams.split(table)
    await items.insertOne({ _id: 2 })
    await using stream = await items.watch()
    await items.insertOne({ _id: 3 })
    expect(await take(stream, 1)).toEqual(['insert 3'])
  })

  it('shards of more than one page are all read', async () => {
    const { server, table, store, items } = await openWatched()
    await store.createCollection('items')
    for (let times = 0; times < 3; times++) server.streams.split(table)
    server.streams.mostShards = 4
    await using stream = await items.watch()
    await items.insertMany(Array.from({ length: 40 }, (_, _id) => ({ _id })))
    expect(new Set(await take(stream, 40)).size).toBe(40)
  })

  it('shards whose answers are empty for a while are read on', async () => {
    const { server, items } = await openWatched()
    await using stream = await items.watch()
    await items.insertOne({ _id: 1 })
    server.streams.emptyAnswers = 5
    expect(await take(stream, 1)).toEqual(['insert 1'])
  })
})

describe('a table', () => {
  const createWith = async (StreamSpecification: object | undefined) => {
    const { server, items, table } = await openWatched()
    await callTables(server, 'CreateTable', {
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'B' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      ...(StreamSpecification !== undefined && { StreamSpecification }),
    })
    return items
  }

  it.each([
    ['without a stream', undefined],
    ['with a stream of keys', { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' }],
    ['with a stream of new images', { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' }],
  ])('%s cannot be watched', async (_name, specification) => {
    const items = await createWith(specification)
    await expect(items.watch()).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_009',
      hint: expect.stringContaining('NEW_AND_OLD_IMAGES') as string,
    })
  })

  it('a table whose stream is disabled ends the watch in an error', async () => {
    const { server, table, items } = await openWatched()
    await using stream = await items.watch()
    await items.insertOne({ _id: 1 })
    server.streams.disable(table)
    expect(await take(stream, 1)).toEqual(['insert 1'])
    await expect(stream.next()).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
  })
})

describe('what is told', () => {
  it('has nothing of locks or index entries', async () => {
    const { items } = await openWatched()
    await items.createIndex('n', { unique: true })
    await using stream = await items.watch({ fullDocument: 'updateLookup' })
    await items.insertOne({ _id: 1, n: 1 })
    await items.updateOne({ _id: 1 }, { $set: { n: 2 } })
    await items.dropIndex('n_1')
    await items.deleteOne({ _id: 1 })
    expect(await take(stream, 3)).toEqual(['insert 1', 'update 1', 'delete 1'])
  })

  it('is a replacement also within a transaction', async () => {
    const { store, items } = await openWatched()
    await items.insertMany([{ _id: 1 }, { _id: 2 }])
    await using stream = await items.watch()
    await store.transaction(async (tx) => {
      await tx.collection('items').replaceOne({ _id: 1 }, { n: 1 })
      await tx.collection('items').updateOne({ _id: 2 }, { $set: { n: 1 } })
    })
    expect((await take(stream, 2)).toSorted()).toEqual(['replace 1', 'update 2'])
  })

  it('is what an update has left, not a later document', async () => {
    const { items } = await openWatched()
    await items.insertOne({ _id: 1 })
    await using stream = await items.watch({ fullDocument: 'updateLookup' })
    await items.updateOne({ _id: 1 }, { $set: { n: 1 } })
    await items.updateOne({ _id: 1 }, { $set: { n: 2 } })
    expect((await stream.next())?.fullDocument).toEqual({ _id: 1, n: 1 })
  })
})
