import { describe, expect, it } from 'vitest'
import { aggregation } from '../aggregation/index.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import type { Document } from '../query/value.ts'
import { DocumentRepository } from '../repository/repository.ts'
import type { RepositoryOptions } from '../repository/options.ts'
import { createDocumentStore } from '../store/document-store.ts'

/** A program may hand over anything, whatever its types say. */
const anything = (value: unknown): never => value as never

/** A field that answers otherwise each time it is read, and keeps to its last answer. */
function changing(name: string, ...answers: readonly unknown[]): Document {
  let reads = 0
  const get = () => answers[Math.min(reads++, answers.length - 1)]
  return Object.defineProperty({}, name, { enumerable: true, get })
}

/** An object whose fields change: from the `change`th look at its names on it has the later ones. */
function shifting(change: number, [first, later]: readonly [string, string], value: unknown): Document {
  let looks = 0
  return new Proxy<Document>(
    {},
    {
      ownKeys: () => (looks++ < change ? [first] : [later]),
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value }),
      get: () => value,
    },
  )
}

class Notes extends DocumentRepository<Document> {
  protected readonly collectionName = 'items'
  protected documentToEntity = (document: Document) => document
  protected entityToDocument = (entity: Document) => entity
  own() {
    return this.collection()
  }
}

async function setUp(options: RepositoryOptions = {}) {
  const store = createDocumentStore(memory({ aggregation: aggregation() }), { scans: 'allow' })
  const items = store.collection('items')
  await items.insertOne({ _id: 1, n: 1, tenant: 'own' })
  return { store, items, notes: new Notes(store, options) }
}

const invalid = { code: 'LEX_ERR_NOSQL_005' }
const malformed = { code: 'LEX_ERR_NOSQL_007' }

describe('What was checked is what is stored', () => {
  it('a replacement whose fields turn into operators is stored as it was checked', async () => {
    const { items } = await setUp()
    for (const change of [1, 2, 3]) {
      await items.replaceOne({ _id: 1 }, anything(shifting(change, ['a', '$set'], { b: 1 }))).catch(() => undefined)
      expect(Object.keys((await items.findOne({ _id: 1 })) ?? {})).not.toContain('$set')
    }
  })

  it('an operand that cannot be read the first time is stored as it was checked', async () => {
    const { items } = await setUp()
    let reads = 0
    const operand = Object.defineProperty({}, '$each', {
      enumerable: true,
      get() {
        reads += 1
        if (reads === 1) throw new Error('not yet')
        return [reads]
      },
    })
    await expect(items.updateOne({ _id: 1 }, { $push: { list: anything(operand) } })).rejects.toMatchObject(invalid)
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 1, tenant: 'own' })
  })

  it('a date that answers with another time is stored as it was checked', async () => {
    const { items } = await setUp()
    class Liar extends Date {
      override getTime(): number {
        return 1
      }
    }
    const at = new Liar(Number.NaN)
    await expect(items.insertOne({ at })).rejects.toMatchObject(invalid)
    await expect(items.updateOne({ _id: 1 }, { $set: { at } })).rejects.toMatchObject(invalid)
  })

  it('an array that grows while it is read is stored as it was checked', async () => {
    const { items } = await setUp()
    let length = 1
    const list = new Proxy([1], {
      get: (target, name) => (name === 'length' ? length++ : (Reflect.get(target, name) ?? 1)),
    })
    await items.insertOne({ _id: 2, list })
    expect((await items.findOne({ _id: 2 }))?.['list']).toHaveLength(1)
  })

  it('an entity whose id changes is stored as it was checked', async () => {
    const { items, notes } = await setUp()
    const [saved] = await notes.saveMany([changing('_id', 'a', 'b')])
    expect(saved).toEqual({ _id: 'a' })
    expect(await notes.save(changing('_id', 'c', 'd'))).toEqual({ _id: 'c' })
    expect(await items.countDocuments({ _id: { $in: ['a', 'c'] } })).toBe(2)
  })
})

describe('What a tenant may reach is checked on what runs', () => {
  const tenant = { field: 'tenant', id: 'own' }

  it('an update is checked for its tenant as it runs', async () => {
    const { items, notes } = await setUp({ tenant })
    const update = changing('$set', { n: 2 }, { tenant: 'other' }, { tenant: 'other' })
    await notes.own().updateOne({ _id: 1 }, update)
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 2, tenant: 'own' })
  })

  it('a pipeline is checked for its tenant as it runs', async () => {
    const { store, notes } = await setUp({ tenant })
    await store.collection('secrets').insertOne({ _id: 9 })
    const lookup = Object.assign(changing('from', 'items', 'secrets'), { pipeline: [], as: 'found' })
    const [row] = await notes
      .own()
      .aggregate([{ $lookup: lookup }])
      .toArray()
    expect(row?.['found']).toEqual([{ _id: 1, n: 1, tenant: 'own' }])
  })
})

describe('An object that passes for an ObjectId', () => {
  // JSON from outside: the vendor's library would take it for one of its own classes.
  const marked = { _bsontype: 'ObjectId' }

  it('is refused where it would be stored', async () => {
    const { items, notes } = await setUp()
    for (const value of [marked, { _bsontype: 'Long', low: 1, high: 0 }]) {
      await expect(items.insertOne({ value })).rejects.toMatchObject(invalid)
      await expect(items.insertOne(anything(value))).rejects.toMatchObject(invalid)
      await expect(items.replaceOne({ _id: 1 }, { value })).rejects.toMatchObject(invalid)
      await expect(items.updateOne({ _id: 1 }, { $set: { value } })).rejects.toMatchObject(invalid)
      await expect(items.updateOne({ _id: 1 }, { $push: { list: value } })).rejects.toMatchObject(invalid)
      await expect(notes.save({ _id: 1, value })).rejects.toMatchObject(invalid)
    }
    await expect(items.updateOne({ _id: 1 }, { $set: { 'value._bsontype': 'Long' } })).rejects.toMatchObject(invalid)
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 1, tenant: 'own' })
  })

  it('is refused where it is compared with', async () => {
    const { items, notes } = await setUp()
    await expect(items.findOne({ value: marked })).rejects.toMatchObject(malformed)
    await expect(items.findOne(marked)).rejects.toMatchObject(malformed)
    await expect(notes.find(anything(marked))).rejects.toMatchObject(invalid)
  })

  it('is refused where its methods are its own', async () => {
    const { items, notes } = await setUp()
    let reads = 0
    const forged = anything({ ...marked, toHexString: () => String(reads++ % 2).repeat(24) })
    await expect(items.insertOne({ value: forged })).rejects.toMatchObject(invalid)
    await expect(items.findOne({ value: forged })).rejects.toMatchObject(malformed)
    await expect(notes.find(forged)).rejects.toMatchObject(invalid)
  })

  it('is refused where it has nothing but a prototype', async () => {
    const { items, notes } = await setUp()
    class Id {
      readonly #hex = '0'.repeat(24)
      get _bsontype() {
        return 'ObjectId'
      }
      toHexString(): string {
        return this.#hex
      }
    }
    const forged = anything(Object.create(Id.prototype))
    await expect(items.insertOne({ value: forged })).rejects.toMatchObject(invalid)
    await expect(items.findOne({ value: forged })).rejects.toMatchObject(malformed)
    await expect(notes.find(forged)).rejects.toMatchObject(invalid)
    await expect(notes.deleteMany([forged])).rejects.toMatchObject(invalid)
  })
})

describe('A list with a hole', () => {
  const holed = (...list: readonly unknown[]) => anything(Object.assign([], { 1: list[0] }))

  it('is refused before anything changes', async () => {
    const { items } = await setUp()
    const document = { _id: 2 }
    await expect(items.insertMany(holed(document))).rejects.toMatchObject(malformed)
    await expect(items.bulkWrite(holed({ insertOne: { document } }))).rejects.toMatchObject(malformed)
    await expect(items.find({ $or: holed({ n: 1 }) }).toArray()).rejects.toMatchObject(malformed)
    await expect(items.find({ $and: holed({ n: 1 }) }).toArray()).rejects.toMatchObject(malformed)
    await expect(items.aggregate(holed({ $match: {} })).toArray()).rejects.toMatchObject(malformed)
    expect(await items.countDocuments({})).toBe(1)
  })

  it('is read to its end by saveMany', async () => {
    const { notes } = await setUp()
    await expect(notes.saveMany(holed({ _id: 2 }))).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})
