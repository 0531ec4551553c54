import { describe, expect, it, vi } from 'vitest'
import { useDynamoServer } from '../../../../test/support/dynamo-server.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { dynamodb } from './dynamodb-driver.ts'
import { collectionOfTable, tableName } from './table-name.ts'

// The server is a process of several layers, and may share its machine.
vi.setConfig({ testTimeout: 30_000 })

const { server, open } = useDynamoServer()

describe('collections of one table', () => {
  it.each([
    ['a', 'd#1', 'a#d', '1'],
    ['b#', 'd#1', 'b', '#d#1'],
    ['c%23d', '1', 'c#d', '1'],
  ])('%s with the _id %s is apart from %s with the _id %s', async (one, oneId, other, otherId) => {
    const store = open()
    await store.collection(one).insertOne({ _id: oneId, of: one })
    await store.collection(other).insertOne({ _id: otherId, of: other })
    expect(await store.collection(one).findOne({ _id: oneId })).toMatchObject({ of: one })
    expect(await store.collection(other).findOne({ _id: otherId })).toMatchObject({ of: other })
  })

  it('a name with a number sign has its own indexes', async () => {
    const store = open()
    const [one, other] = ['tags', 'tags#i'].map((name) => store.collection<{ _id: number; n: number }>(name))
    await one?.createIndex('n')
    await other?.createIndex('n')
    await one?.insertOne({ _id: 1, n: 1 })
    await other?.insertOne({ _id: 2, n: 1 })
    expect([await one?.distinct('_id', { n: 1 }), await other?.distinct('_id', { n: 1 })]).toEqual([[1], [2]])
  })
})

describe('a key of more than 2,048 bytes', () => {
  const name = '字'.repeat(200)
  const longest = 'x'.repeat(2048 - 600 - '#d#'.length)
  const tooLong = { code: 'LEX_ERR_NOSQL_005', path: '_id', details: { field: '_id', bytes: 2049, limit: 2048 } }

  it('is refused before a request, with what made it so long', async () => {
    const items = open().collection(name)
    await items.insertOne({ _id: longest })
    // The catalogue of indexes is read now and then.
    const writes = () => [...server().requests].filter(([operation]) => operation !== 'GetItem')
    const before = writes()
    await expect(items.insertOne({ _id: `${longest}x` })).rejects.toMatchObject(tooLong)
    const upsert = items.updateOne({ _id: `${longest}x` }, { $set: { n: 1 } }, { upsert: true })
    await expect(upsert).rejects.toMatchObject(tooLong)
    expect(writes()).toEqual(before)
  })

  it('finds no document', async () => {
    expect(
      await open()
        .collection(name)
        .findOne({ _id: `${longest}x` }),
    ).toBeNull()
    expect(await open().collection(name).findOne({ _id: longest })).toEqual({ _id: longest })
  })

  it.each([true, false])('fails alone among many inserts, ordered: %s', async (ordered) => {
    const items = open().collection(name)
    const ids = ['a', `${longest}x`, 'b'].map((id) => `${String(ordered)[0]}${id}`.slice(0, longest.length + 1))
    const insert = items.insertMany(
      ids.map((_id) => ({ _id })),
      { ordered },
    )
    await expect(insert).rejects.toMatchObject({ errors: [{ index: 1 }], result: { insertedCount: ordered ? 1 : 2 } })
    expect(await items.countDocuments({ _id: { $in: ids } })).toBe(ordered ? 1 : 2)
  })

  it('is refused of an index', async () => {
    const index = open()
      .collection(name)
      .createIndex('n', { name: 'x'.repeat(1500) })
    await expect(index).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_005', path: 'name', details: { limit: 2048 } })
  })

  it('cannot be where each collection has a table, whose names are shorter', async () => {
    const config = { endpointUrl: server().endpoint, createTables: true }
    const credentials = () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' })
    await using store = createDocumentStore(dynamodb({ credentials }), { config })
    const items = store.collection('c'.repeat(200))
    await items.insertOne({ _id: 'x'.repeat(1500) })
    await expect(items.insertOne({ _id: 'x'.repeat(1501) })).rejects.toMatchObject({ path: '_id' })
    expect(await items.countDocuments()).toBe(1)
  })
})

describe('a table for each collection', () => {
  const names = [
    'ab',
    'ab-',
    'abc',
    'a#b',
    'a_x23_b',
    'a_23_b',
    'users/1/orders',
    'é',
    '__x__',
    'order_add_items',
    'a-',
  ]

  it('has a name that no other collection has', () => {
    const tables = names.map((name) => tableName('', name))
    expect(new Set(tables).size).toBe(names.length)
    expect(tables.every((table) => /^[\w.-]{3,255}$/.test(table))).toBe(true)
  })

  it('has a name from which the collection is known', () => {
    for (const prefix of ['', 'p', 'shop.']) {
      expect(names.map((name) => collectionOfTable(prefix, tableName(prefix, name)))).toEqual(names)
    }
  })

  it('has the name of the collection, where a table can have it', () => {
    expect(tableName('shop.', 'order_add_items')).toBe('shop.order_add_items')
  })

  it('is dropped without those of others', async () => {
    const config = { endpointUrl: server().endpoint, createTables: true, keyPrefix: 'own.' }
    const credentials = () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' })
    await using store = createDocumentStore(dynamodb({ credentials }), { config })
    for (const name of ['a#b', 'a_x23_b']) await store.collection(name).insertOne({ _id: 1 })
    await store.dropCollection('a#b')
    expect(await store.listCollections()).toEqual(['a_x23_b'])
  })

  it('is refused where its name would be longer than 255 characters', async () => {
    const config = { endpointUrl: server().endpoint, createTables: true }
    const credentials = () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' })
    await using store = createDocumentStore(dynamodb({ credentials }), { config })
    await expect(store.collection('é'.repeat(100)).findOne({})).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_005',
      details: { reason: 'InvalidNamespace' },
      message: expect.stringContaining('255') as string,
    })
  })
})
