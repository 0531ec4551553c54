import {
  Binary,
  BSON,
  BSONRegExp,
  Code,
  DBRef,
  Decimal128,
  Long,
  MaxKey,
  MinKey,
  MongoClient,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import type { Command } from '../../../../tools/mongodb-server/wire.ts'
import type { Page } from '../../../core/repository/options.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import type { Document } from '../../query/value.ts'
import { DocumentRepository } from '../../repository/repository.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'

interface User {
  readonly id: ObjectId
  readonly name: string
}
type UserDocument = {
  readonly _id: ObjectId
  readonly name: string
}

class Users extends DocumentRepository<User, ObjectId, UserDocument> {
  protected readonly collectionName = 'users'
  protected documentToEntity = ({ _id, ...user }: UserDocument): User => ({ id: _id, ...user })
  protected entityToDocument = ({ id, ...user }: User) => ({ _id: id, ...user })
}

describe('a collection that another program has made', async () => {
  const server = await serveMongo()
  const client = await MongoClient.connect(server.uri)
  const config = { uri: toSecret(server.uri) }
  const store = createDocumentStore(mongodb(), { database: 'existing', config, scans: 'allow' })
  afterAll(async () => {
    await store.disconnect()
    await client.close()
    await server.close()
  })
  const theirs = client.db('existing').collection('users')
  const ada = new ObjectId()
  const grace = new ObjectId()
  beforeEach(async () => {
    await theirs.deleteMany({})
    await theirs.insertMany([
      { _id: ada, name: 'Ada' },
      { _id: grace, name: 'Grace' },
    ])
  })

  it('is read and written by a repository whose ids are ObjectIds', async () => {
    const users = new Users(store)
    expect(await users.find(ada)).toEqual({ id: ada, name: 'Ada' })
    expect(await users.find(new ObjectId(grace.toHexString()))).toEqual({ id: grace, name: 'Grace' })
    expect((await users.list({ sort: { _id: 1 } })).map(({ id }) => id)).toEqual([ada, grace])
    await users.save({ id: ada, name: 'Ada L.' })
    const joan = new ObjectId()
    await users.save({ id: joan, name: 'Joan' })
    expect(await users.delete(grace)).toBeTruthy()
    expect(await theirs.find({}).sort({ _id: 1 }).toArray()).toEqual([
      { _id: ada, name: 'Ada L.' },
      { _id: joan, name: 'Joan' },
    ])
  })

  it('is paged by ObjectIds, with nothing missed or repeated', async () => {
    await theirs.insertMany(Array.from({ length: 30 }, (_, n) => ({ name: `n${n % 3}` })))
    const users = new Users(store)
    const seen: string[] = []
    for (let after: string | null = null; ;) {
      const page: Page<User> = await users.page({ sort: { name: 1 }, limit: 7, after })
      seen.push(...page.items.map(({ id }) => id.toHexString()))
      if (page.next === null) break
      after = page.next
    }
    expect(new Set(seen).size).toBe(32)
    expect(seen).toHaveLength(32)
  })

  it('finds no other document by the text of an id', async () => {
    expect(await store.collection('users').findOne({ _id: ada.toHexString() })).toBeNull()
  })
})

describe('values that only MongoDB has', async () => {
  const server = await serveMongo()
  const client = await MongoClient.connect(server.uri)
  const store = createDocumentStore(mongodb(), {
    database: 'values',
    config: { uri: toSecret(server.uri) },
    scans: 'allow',
  })
  afterAll(async () => {
    await store.disconnect()
    await client.close()
    await server.close()
  })

  it('pass through a read as the vendor has them', async () => {
    const values = { _id: 1, id: new ObjectId(), big: Long.fromString('9007199254740993'), bytes: Buffer.from([1, 2]) }
    await client.db('values').collection<{ _id: number }>('items').insertOne(values)
    const read = await store.collection('items').findOne({ _id: 1 })
    expect(read?.['id']).toEqual(values.id)
    expect(read?.['big']).toBe(9007199254740993n)
    expect(read?.['bytes']).toEqual(new Uint8Array([1, 2]))
    expect(read?.['bytes']).not.toBeInstanceOf(Buffer)
  })
})

describe('values of classes that only MongoDB has', async () => {
  const uuid = new UUID('9d5b5d0c-2f0e-4c0a-8d1c-0a8f6e1f9a01')
  const values: Readonly<Record<string, unknown>> = {
    uuid,
    encrypted: new Binary(new Uint8Array([1, 2, 3]), 6),
    oldUuid: new Binary(uuid.buffer, 3),
    price: Decimal128.fromString('12.30'),
    at: new Timestamp({ t: 1, i: 2 }),
    min: new MinKey(),
    max: new MaxKey(),
    code: new Code('return 1'),
    owner: new DBRef('users', new ObjectId('0123456789abcdef01234567')),
    pattern: new BSONRegExp('^a.b', 'isx'),
    list: [Decimal128.fromString('1E+3'), { uuid }],
  }
  let received: Command[] = []
  // The embedded engine holds none of them: the answer is one that MongoDB gives.
  const stored = { _id: 1, old: 1, ...values }
  const server = await serveMongo({
    onCommand: (command) => void received.push(command),
    failureOf: (command) => {
      if ('update' in command) return { reply: { n: 1, nModified: 1, ok: 1 } }
      const cursor = { id: 0n, ns: 'values.items', firstBatch: [stored] }
      return 'find' in command ? { reply: { cursor, ok: 1 } } : undefined
    },
  })
  const config = { uri: toSecret(server.uri) }
  const store = createDocumentStore(mongodb(), { database: 'values', config, scans: 'allow' })
  afterAll(async () => {
    await store.disconnect()
    await server.close()
  })
  beforeEach(() => {
    received = []
  })
  const items = store.collection('items')
  /** What is written for a value, its type included. */
  const bytesOf = (document: unknown) => Buffer.from(BSON.serialize({ document })).toString('hex')

  it.each(Object.keys(values))('are read as they are stored: %s', async (name) => {
    const read = await items.findOne({ _id: 1 })
    expect(bytesOf(read?.[name])).toBe(bytesOf(values[name]))
  })

  it('are written as they were read', async () => {
    const read = (await items.findOne({ _id: 1 })) as Document
    await items.replaceOne({ _id: 1 }, read)
    const [command] = received.filter((each) => 'update' in each)
    const [{ u } = { u: undefined }] = (command?.['updates'] ?? []) as readonly { readonly u: object }[]
    expect(bytesOf(u)).toBe(bytesOf(stored))
  })

  it('stay in a document that this package changes itself', async () => {
    await items.updateOne({ _id: 1 }, { $rename: { old: 'new' } })
    const [command] = received.filter((each) => 'update' in each)
    const [{ u } = { u: undefined }] = (command?.['updates'] ?? []) as readonly { readonly u: object }[]
    expect(bytesOf(u)).toBe(bytesOf({ _id: 1, ...values, new: 1 }))
  })

  it('can be looked for by the option mongodb', async () => {
    await items.findOne({}, { mongodb: { filter: { uuid, price: values['price'] } } })
    const [command] = received.filter((each) => 'find' in each)
    expect(bytesOf(command?.['filter'])).toContain(uuid.toHexString(false))
  })
})
