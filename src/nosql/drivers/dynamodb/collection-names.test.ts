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

  it('a name with a number sign has indexes of its own', async () => {
    const store = open()
    const [one, other] = ['tags', 'tags#i'].map((name) => store.collection<{ _id: number; n: number }>(name))
    await one?.createIndex('n')
    await other?.createIndex('n')
    await one?.insertOne({ _id: 1, n: 1 })
    await other?.insertOne({ _id: 2, n: 1 })
    expect([await one?.distinct('_id', { n: 1 }), await other?.distinct('_id', { n: 1 })]).toEqual([[1], [2]])
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
