import {
  Binary,
  BSON,
  BSONRegExp,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import type { Command } from '../../../../tools/mongodb-server/wire.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import type { Collection } from '../../collection/collection.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { memory } from '../memory/memory-driver.ts'
import { mongodb } from './mongodb-driver.ts'

const uuid = new UUID('9d5b5d0c-2f0e-4c0a-8d1c-0a8f6e1f9a01')
const stored: Readonly<Record<string, object>> = {
  uuid,
  encrypted: new Binary(new Uint8Array([1, 2, 3]), 6),
  oldUuid: new Binary(uuid.buffer, 3),
  price: Decimal128.fromString('12.30'),
  infinite: Decimal128.fromString('-Infinity'),
  at: new Timestamp({ t: 4_000_000_000, i: 2 }),
  min: new MinKey(),
  max: new MaxKey(),
  code: new Code('return 1'),
  scoped: new Code('return n', { n: 1 }),
  owner: new DBRef('users', new ObjectId('0123456789abcdef01234567'), 'other'),
}
const values: Readonly<Record<string, object>> = { ...stored, pattern: new BSONRegExp('^a.b', 'isx') }

/** What is written for a value, its type included. */
const bytesOf = (value: unknown) => Buffer.from(BSON.serialize({ value })).toString('hex')

/** The values of classes in what was sent, in the order of their fields. */
function valuesIn(part: unknown): readonly unknown[] {
  if (typeof part !== 'object' || part === null) return []
  if ('_bsontype' in part) return [part]
  const fields = Object.entries(part).filter(([name]) => name !== 'lsid' && name !== '_id')
  return fields.flatMap(([, inner]) => valuesIn(inner))
}

async function open() {
  const received: Command[] = []
  const server = await serveMongo({ onCommand: (command) => void received.push(command) })
  const store = createDocumentStore(mongodb(), {
    config: { uri: toSecret(server.uri) },
    database: 'v',
    scans: 'allow',
  })
  const close = async (): Promise<void> => {
    await store.disconnect()
    await server.close()
  }
  return { store, received, close, items: store.collection('items') }
}

describe('values of the vendor, as the server gets them', async () => {
  const { received, close, items } = await open()
  afterAll(close)
  beforeEach(async () => {
    await items.findOne({})
    received.length = 0
  })

  type Run = (c: Collection, value: object) => Promise<unknown>
  const runs: readonly (readonly [string, Run])[] = [
    ['insertOne', (c, value) => c.insertOne({ value } as never)],
    ['insertMany', (c, value) => c.insertMany([{ a: [{ value }] }] as never)],
    ['replaceOne', (c, value) => c.replaceOne({ n: 1 }, { value } as never)],
    ['$set', (c, value) => c.updateOne({ n: 1 }, { $set: { value } })],
    ['$push', (c, value) => c.updateMany({ n: 1 }, { $push: { value } })],
    ['$addToSet', (c, value) => c.updateMany({ n: 1 }, { $addToSet: { value: { $each: [value] } } })],
    ['$max', (c, value) => c.updateMany({ n: 1 }, { $max: { value } })],
    ['$pullAll', (c, value) => c.updateMany({ n: 1 }, { $pullAll: { value: [value] } })],
    ['a pipeline as an update', (c, value) => c.updateOne({ n: 1 }, [{ $set: { value: { $literal: value } } }])],
    ['findOneAndUpdate', (c, value) => c.findOneAndUpdate({ n: 1 }, { $set: { value } })],
    ['a filter by $eq', (c, value) => c.find({ value: { $eq: value } }).toArray()],
    ['a filter by a part', (c, value) => c.findOne({ part: { value } })],
    ['countDocuments', (c, value) => c.countDocuments({ value: { $eq: value } })],
    ['distinct', (c, value) => c.distinct('a', { value: { $eq: value } })],
    ['deleteMany', (c, value) => c.deleteMany({ $or: [{ value: { $eq: value } }] })],
    ['$match', (c, value) => c.aggregate([{ $match: { value: { $eq: value } } }]).toArray()],
    ['an expression', (c, value) => c.aggregate([{ $project: { value: { $literal: value } } }]).toArray()],
    ['$elemMatch of a projection', (c, value) => c.findOne({}, { projection: { a: { $elemMatch: { $eq: value } } } })],
    ['let', (c, value) => c.find({}, { let: { value } } as never).toArray()],
    [
      'arrayFilters',
      (c, value) => c.updateOne({ n: 1 }, { $set: { 'a.$[x]': 1 } }, { arrayFilters: [{ x: { $eq: value } }] }),
    ],
    ['bulkWrite', (c, value) => c.bulkWrite([{ updateOne: { filter: { n: 1 }, update: { $set: { value } } } }])],
  ]
  it.each(runs)('keep their form in %s', async (_name, run) => {
    for (const [name, value] of Object.entries(values)) {
      received.length = 0
      // What the embedded engine cannot do is refused after it was received.
      await run(items, value).catch((error: unknown) => expect(received, `${name}: ${String(error)}`).not.toEqual([]))
      expect(valuesIn(received).map(bytesOf), name).toEqual([bytesOf(value)])
    }
  })

  it.each<readonly [string, Run]>([
    ['equality', (c, value) => c.find({ value }).toArray()],
    ['$in', (c, value) => c.find({ value: { $in: [value] } }).toArray()],
    ['$ne', (c, value) => c.find({ value: { $ne: value } }).toArray()],
    ['$gte', (c, value) => c.find({ value: { $gte: value } }).toArray()],
    ['$all', (c, value) => c.find({ value: { $all: [value] } }).toArray()],
    ['$elemMatch', (c, value) => c.find({ value: { $elemMatch: { $lt: value } } }).toArray()],
    ['$not', (c, value) => c.find({ value: { $not: { $eq: value } } }).toArray()],
    ['$pull', (c, value) => c.updateOne({ n: 1 }, { $pull: { value } })],
  ])('keep their form under %s', async (_name, run) => {
    for (const [name, value] of Object.entries(stored)) {
      received.length = 0
      await run(items, value).catch((error: unknown) => expect(received, `${name}: ${String(error)}`).not.toEqual([]))
      expect(valuesIn(received).map(bytesOf), name).toEqual([bytesOf(value)])
    }
  })

  it('reach the server in lists beside a positional operator', async () => {
    const list = { a: { $in: [Decimal128.fromString('1'), Decimal128.fromString('2')] } }
    await items.findOne(list, { projection: { 'a.$': 1 } })
    await items.updateOne(list, { $set: { 'a.$': 1 } })
    expect(received.map(valuesIn)).toEqual([list.a.$in, list.a.$in])
  })

  it('are sent as they were when they were given', async () => {
    const [binary, decimal] = [new Binary(new Uint8Array([1, 2]), 5), Decimal128.fromString('1')]
    const before = [binary, decimal].map(bytesOf)
    const calls = [items.insertOne({ binary, decimal }), items.find({ binary, decimal }).toArray()]
    binary.buffer[0] = 9
    decimal.bytes[0] = 9
    await Promise.all(calls)
    const sent = received.filter((command) => 'insert' in command || 'find' in command)
    expect(sent.map((command) => valuesIn(command).map(bytesOf))).toEqual([before, before])
  })

  it('are numbers where a number stands for them exactly', async () => {
    const numbers = { long: Long.fromString('9007199254740993'), int: new Int32(7), double: new Double(1.5) }
    await items.insertOne(numbers as never)
    const [document] = (received.find((command) => 'insert' in command)?.['documents'] ?? []) as object[]
    expect(document).toMatchObject({ long: 9007199254740993n, int: 7, double: 1.5 })
    await items.updateOne({ n: Long.fromNumber(5) }, { $inc: { n: Long.fromNumber(6) } })
    expect(received.at(-1)?.['updates']).toEqual([{ q: { n: 5n }, u: { $inc: { n: 6n } } }])
  })

  it('are refused where a number cannot stand for them', async () => {
    for (const value of [Long.MAX_UNSIGNED_VALUE, new Double(Number.NaN)]) {
      await expect(items.insertOne({ value } as never)).rejects.toMatchObject({ reason: 'BadValue' })
      await expect(items.findOne({ value })).rejects.toMatchObject({ reason: 'BadValue' })
    }
    expect(received).toEqual([])
  })

  it('are bytes where they have no subtype', async () => {
    await items.insertOne({ _id: 'b', value: new Binary(new Uint8Array([1, 2])) })
    expect((await items.findOne({ _id: 'b' }))?.['value']).toEqual(new Uint8Array([1, 2]))
  })
})

describe('values of the vendor, stored', async () => {
  const { close, items } = await open()
  afterAll(close)
  beforeEach(() => items.deleteMany({}))

  it.each(Object.entries(stored))('are found by equality: %s', async (_name, value) => {
    await items.insertMany([{ _id: 'a', value }, { _id: 'b' }] as never)
    const [found, ...others] = await items.find({ value: { $in: [value] } }).toArray()
    expect(others).toEqual([])
    expect(bytesOf(found?.['value'])).toBe(bytesOf(value))
    expect((await items.distinct('value')).map(bytesOf)).toEqual([bytesOf(value)])
  })

  it('are the answers of distinct', async () => {
    const prices = ['3', '1', '2'].map((text) => Decimal128.fromString(text))
    await items.insertMany(prices.map((price, _id) => ({ _id, price, part: { price } })))
    expect((await items.distinct('price')).map(String).toSorted()).toEqual(['1', '2', '3'])
    expect(await items.distinct('part')).toHaveLength(3)
  })

  it('are not compared by a distinct that the server does not answer', async () => {
    const prices = ['3', '1'].map((text) => Decimal128.fromString(text))
    await items.insertMany(prices.map((price, _id) => ({ _id, price })))
    const differing = items.distinct('price', {}, { budget: { maxDocuments: 10 } })
    await expect(differing).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
  })

  it('are in the document that an upsert by them makes', async () => {
    const { price, uuid: ref } = stored
    await items.updateOne({ ref, price }, { $set: { n: 1 } }, { upsert: true })
    const { _id, ...made } = (await items.findOne({ n: 1 })) ?? {}
    expect(bytesOf(made)).toBe(bytesOf({ ref, price, n: 1 }))
  })

  it('stay in an update that this package carries out', async () => {
    await items.insertOne({ _id: 'a', old: 1, kept: stored['owner'] } as never)
    await items.updateOne({ _id: 'a' }, { $rename: { old: 'new' }, $set: { price: stored['price'] } })
    const after = { _id: 'a', kept: stored['owner'], new: 1, price: stored['price'] }
    expect(bytesOf(await items.findOne({ _id: 'a' }))).toBe(bytesOf(after))
  })

  it.each([
    ['$min', { $min: { price: 3 } }],
    ['$inc', { $inc: { price: 3 } }],
    ['$inc by a decimal', { $inc: { n: Decimal128.fromString('0.1') } }],
    ['$pull', { $pull: { prices: 3 } }],
    ['$pull by a condition', { $pull: { prices: { $gt: 3 } } }],
    ['$pull of a list', { $pull: { prices: { $in: [3] } } }],
    ['$addToSet', { $addToSet: { prices: Decimal128.fromString('12.3') } }],
  ])('are computed with by the server only: %s', async (_name, update) => {
    const document = { _id: 'a', old: 1, n: 1, price: stored['price'], prices: [stored['price']] }
    await items.insertOne(document as never)
    const changed = items.updateOne({ _id: 'a' }, { $rename: { old: 'new' }, ...update })
    await expect(changed).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_009' })
    expect(bytesOf(await items.findOne({ _id: 'a' }))).toBe(bytesOf(document))
  })

  it('have a limit of size', async () => {
    const value = new Binary(new Uint8Array(17 * 1024 * 1024), 5)
    await expect(items.insertOne({ value })).rejects.toMatchObject({ reason: 'BSONObjectTooLarge' })
  })

  it('are planned by the index of their field', async () => {
    await items.createIndex({ price: 1 })
    const between = { $gte: Decimal128.fromString('1'), $lt: Decimal128.fromString('2') }
    for (const price of [between, Decimal128.fromString('1'), { $in: [between.$gte, between.$lt] }, { $gt: uuid }]) {
      expect((await items.explain({ price })).scan).toBe(false)
    }
  })
})

describe('an update in an order, of a server before 8.0', async () => {
  const server = await serveMongo({ hello: { maxWireVersion: 21 } })
  const config = { uri: toSecret(server.uri) }
  const store = createDocumentStore(mongodb(), { config, database: 'v', scans: 'allow' })
  afterAll(async () => {
    await store.disconnect()
    await server.close()
  })

  it('succeeds where only the server can compare', async () => {
    const items = store.collection('items')
    await items.insertOne({ _id: 1, price: Decimal128.fromString('1') })
    const changed = await items.updateOne({}, { $min: { price: 3 } }, { sort: { _id: 1 } })
    expect(changed).toMatchObject({ matchedCount: 1, modifiedCount: 1 })
  })
})

describe('a backend without values of the vendor', () => {
  const items = createDocumentStore(memory(), { scans: 'allow' }).collection('items')
  it.each([...Object.entries(values), ['long', Long.fromNumber(1)] as const])('refuses %s', async (_name, value) => {
    const refused = { reason: 'BadValue', hint: expect.stringContaining('ObjectIds') as string }
    await expect(items.insertOne({ a: { value } } as never)).rejects.toMatchObject({ ...refused, path: 'a.value' })
    await expect(items.updateOne({}, { $set: { value } })).rejects.toMatchObject({ ...refused, path: '$set.value' })
    await expect(items.findOne({ value })).rejects.toMatchObject({ ...refused, path: 'value' })
    await expect(items.distinct('a', { value: { $in: [value] } })).rejects.toMatchObject(refused)
  })
})
