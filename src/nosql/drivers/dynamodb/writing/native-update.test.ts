import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveDynamo, type DynamoServer } from '../../../../../tools/dynamodb-server/serve.ts'
import type { Collection } from '../../../collection/collection.ts'
import { defineCollection } from '../../../contract/define-collection.ts'
import { createDocumentStore } from '../../../store/document-store.ts'
import { memory } from '../../memory/memory-driver.ts'
import { dynamodb } from '../dynamodb-driver.ts'

let server: DynamoServer
const keys = { accessKeyId: 'test', secretAccessKey: 'test' }
const driver = dynamodb({ credentials: () => Promise.resolve(keys), catalogLifetime: 60_000 })
const storeOf = () =>
  createDocumentStore(driver, { config: { endpointUrl: server.endpoint, table: 'app', createTables: true } })
beforeAll(async () => {
  server = await serveDynamo()
  await storeOf().createCollection('items')
})
afterAll(() => server.close())

/** What a piece of work sends. */
async function requestsOf(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const before = new Map(server.requests)
  await work()
  const sent = [...server.requests].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const)
  return Object.fromEntries(sent.filter(([, count]) => count > 0))
}

const items = () => storeOf().collection('items')

describe('an update by _id is one request', () => {
  const document = { _id: 1, list: [1], n: 1, name: 'a', nested: { n: 1 }, when: new Date(0) }
  it.each([
    ['$set', { $set: { name: 'b', 'nested.n': 'x' } }],
    ['$set of what is there already', { $set: { name: 'a' } }],
    ['$set of a fraction', { $set: { n: 0.5 } }],
    ['$unset', { $unset: { name: '' } }],
    ['$unset of what is not there', { $unset: { absent: '' } }],
    ['$inc', { $inc: { n: 2, 'nested.n': -5 } }],
    ['$push', { $push: { list: 'x' } }],
    ['$push of several', { $push: { list: { $each: [1, [2], { a: 1 }] } } }],
    ['$min', { $min: { n: -1 } }],
    ['$min that changes nothing', { $min: { n: 1 } }],
    ['$max of a date', { $max: { when: new Date(1) } }],
    ['$max of a text', { $max: { name: 'B' } }],
    ['$currentDate', { $currentDate: { when: true } }],
    ['several operators', { $set: { name: 'c' }, $inc: { n: 1 }, $push: { list: 2 }, $unset: { when: '' } }],
  ])('%s', async (_name, update) => {
    const [ours, theirs] = [items(), createDocumentStore(memory()).collection('items')]
    for (const each of [ours, theirs]) await each.replaceOne({ _id: 1 }, document, { upsert: true })
    let result: unknown
    expect(await requestsOf(async () => (result = await ours.updateOne({ _id: 1 }, update)))).toEqual({ UpdateItem: 1 })
    expect(result).toEqual(await theirs.updateOne({ _id: 1 }, update))
    if (!('$currentDate' in update)) expect(await ours.findOne({ _id: 1 })).toEqual(await theirs.findOne({ _id: 1 }))
  })

  it('an update by _id with a condition that DynamoDB can say is one request', async () => {
    const typed = storeOf().collection(defineCollection('items', { fields: { name: 'string', n: 'number' } }))
    await items().replaceOne({ _id: 2 }, { n: 1, name: 'a' }, { upsert: true })
    const update = (name: string) => () => typed.updateOne({ _id: 2, name }, { $inc: { n: 1 } })
    expect(await requestsOf(update('a'))).toEqual({ UpdateItem: 1 })
    expect(await requestsOf(update('b'))).toEqual({ UpdateItem: 1 })
    expect(await typed.findOne({ _id: 2 })).toEqual({ _id: 2, n: 2, name: 'a' })
  })

  it('an update by _id returns the document as it was, or as it is', async () => {
    await items().replaceOne({ _id: 3 }, { n: 1 }, { upsert: true })
    const change = (returnDocument: 'before' | 'after') =>
      items().findOneAndUpdate({ _id: 3 }, { $inc: { n: 1 } }, { returnDocument })
    expect(await requestsOf(() => change('before'))).toEqual({ UpdateItem: 1 })
    expect([await change('before'), await change('after')]).toEqual([
      { _id: 3, n: 2 },
      { _id: 3, n: 4 },
    ])
  })

  it('a deletion by _id is one request', async () => {
    await items().replaceOne({ _id: 4 }, { n: 1 }, { upsert: true })
    expect(await requestsOf(() => items().deleteOne({ _id: 4, n: 1 }))).toEqual({ DeleteItem: 1 })
    expect(await items().findOne({ _id: 4 })).toBeNull()
  })
})

describe('an update that DynamoDB would do otherwise is two requests', () => {
  it.each([
    ['a new field, which has a place in the order of keys', { z: 1, a: 1 }, { $set: { m: 1 } }],
    ['an object whose keys have an order', { a: 1 }, { $set: { a: { z: 1, b: 2 } } }],
    ['a sum with a fraction', { a: 0.1 }, { $inc: { a: 1 } }],
    ['a sum with a bigint', { a: 5n }, { $inc: { a: 1 } }],
    ['a sum beyond the safe integers', { a: Number.MAX_SAFE_INTEGER - 1 }, { $inc: { a: 5 } }],
    ['a bigint that is replaced', { a: 5n }, { $set: { a: 6 } }],
    ['a path through an array', { a: [{ b: 1 }] }, { $set: { 'a.0.b': 2 } }],
    ['an element of an array', { a: [1, 2] }, { $unset: { 'a.0': '' } }],
    ['$push to what is not there', { b: 1 }, { $push: { a: 1 } }],
    ['$min of another type', { a: 'x' }, { $min: { a: 1 } }],
    ['$inc of what is not there', { b: 1 }, { $inc: { a: 1 } }],
  ])('%s', async (_name, fields, update) => {
    const [ours, theirs] = [items(), createDocumentStore(memory()).collection('items')]
    for (const each of [ours, theirs]) await each.replaceOne({ _id: 1 }, fields, { upsert: true })
    const requests = await requestsOf(() => ours.updateOne({ _id: 1 }, update))
    await theirs.updateOne({ _id: 1 }, update)
    const [own, other] = [await ours.findOne({ _id: 1 }), await theirs.findOne({ _id: 1 })]
    expect(own).toEqual(other)
    expect(Object.keys(own ?? {})).toEqual(Object.keys(other ?? {}))
    expect(Object.values(requests).reduce((sum, count) => sum + count, 0)).toBe(2)
  })
})

describe('an update of a collection with an index', () => {
  it('keeps the index', async () => {
    const indexed: Collection = storeOf().collection(
      defineCollection('indexed', { fields: { n: 'number' }, indexes: [{ keys: { n: 1 } }] }),
    ) as Collection
    await indexed.insertOne({ _id: 1, n: 1 })
    await indexed.updateOne({ _id: 1 }, { $inc: { n: 1 } })
    expect(await indexed.find({ n: 2 }).toArray()).toEqual([{ _id: 1, n: 2 }])
    expect(await indexed.find({ n: 1 }).toArray()).toEqual([])
  })
})

describe('fifty writers', () => {
  it('lose no increment', async () => {
    await items().replaceOne({ _id: 'counter' }, { n: 0 }, { upsert: true })
    await Promise.all(Array.from({ length: 50 }, () => items().updateOne({ _id: 'counter' }, { $inc: { n: 1 } })))
    expect(await items().findOne({ _id: 'counter' })).toEqual({ _id: 'counter', n: 50 })
  })
})
