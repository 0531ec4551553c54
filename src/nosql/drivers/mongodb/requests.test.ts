import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import type { BulkWriteError } from '../../bulk-write-error.ts'
import { defineCollection } from '../../contract/define-collection.ts'
import { DocumentRepository } from '../../repository/repository.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'

type User = {
  readonly _id: string
  readonly email?: string
  readonly n?: number
}

describe('requests per operation on MongoDB', async () => {
  const server = await serveMongo()
  const store = createDocumentStore(mongodb(), { database: 'requests', config: { uri: toSecret(server.uri) } })
  afterAll(async () => {
    await store.disconnect()
    await server.close()
  })
  const spec = defineCollection<User>('users', {
    indexes: [{ keys: 'email', unique: true, sparse: true }, { keys: 'n' }],
  })
  const users = store.collection(spec)

  const background = new Set(['hello', 'isMaster', 'ismaster', 'endSessions', 'ping'])
  /** The commands that the work sends, by name. */
  const sentBy = async (work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> => {
    const before = new Map(server.commands)
    await work()
    const counts = [...server.commands].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const)
    return Object.fromEntries(counts.filter(([name, count]) => count > 0 && !background.has(name)))
  }

  beforeEach(async () => {
    await store.dropCollection('users')
    await store.createCollection(spec)
    await users.insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: `u${n}`, n, email: `${n}@x.test` })))
  })

  it.each<readonly [string, () => Promise<unknown>, Readonly<Record<string, number>>]>([
    ['a get by _id', () => users.findOne({ _id: 'u1' }), { find: 1 }],
    ['an insert with a unique index', () => users.insertOne({ email: 'a@x.test' }), { insert: 1 }],
    [
      'insertMany of 600, ordered',
      () => users.insertMany(Array.from({ length: 600 }, (_, n) => ({ _id: `many${n}` }))),
      { insert: 1 },
    ],
    [
      'insertMany of 600, unordered',
      () =>
        users.insertMany(
          Array.from({ length: 600 }, (_, n) => ({ _id: `any${n}` })),
          { ordered: false },
        ),
      { insert: 1 },
    ],
    [
      '$set and $inc by _id',
      () => users.updateOne({ _id: 'u1' }, { $set: { email: 'b@x.test' }, $inc: { n: 1 } }),
      { update: 1 },
    ],
    ['a replacement', () => users.replaceOne({ _id: 'u1' }, { n: 5 }), { update: 1 }],
    ['a deletion', () => users.deleteOne({ _id: 'u1' }), { delete: 1 }],
    ['a page of 20 by an index', () => users.findPage({}, { sort: { n: 1 }, limit: 20 }), { find: 1 }],
    ['a find of 20', () => users.find({ n: { $gte: 5 } }, { sort: { n: 1 }, limit: 20 }).toArray(), { find: 1 }],
    ['updateMany over 200', () => users.updateMany({ n: { $lt: 200 } }, { $inc: { n: 1 } }), { update: 1 }],
    ['deleteMany over 200', () => users.deleteMany({ n: { $lt: 200 } }), { delete: 1 }],
    ['findOneAndUpdate', () => users.findOneAndUpdate({ _id: 'u1' }, { $inc: { n: 1 } }), { findAndModify: 1 }],
    ['an exact count', () => users.countDocuments({ n: { $gte: 0 } }), { aggregate: 1 }],
    ['an estimated count', () => users.estimatedDocumentCount(), { count: 1 }],
    ['distinct', () => users.distinct('n'), { distinct: 1 }],
    ['an aggregate', () => users.aggregate([{ $group: { _id: null, n: { $sum: '$n' } } }]).toArray(), { aggregate: 1 }],
    [
      'a bulk write of updates',
      () =>
        users.bulkWrite(
          Array.from({ length: 50 }, (_, n) => ({
            updateOne: { filter: { _id: `u${n}` }, update: { $inc: { n: 1 } } },
          })),
        ),
      { update: 1 },
    ],
    [
      'a bulk write of everything',
      () =>
        users.bulkWrite([
          { insertOne: { document: { _id: 'bulk' } } },
          { updateOne: { filter: { _id: 'u1' }, update: { $inc: { n: 1 } } } },
          { updateMany: { filter: { n: { $gt: 250 } }, update: { $set: { n: 0 } } } },
          { replaceOne: { filter: { _id: 'u2' }, replacement: { n: 3 } } },
          { deleteOne: { filter: { _id: 'u3' } } },
          { deleteMany: { filter: { n: 0 } } },
        ]),
      { bulkWrite: 1 },
    ],
    [
      'a transaction with a read and two writes',
      () =>
        store.transaction(async (tx) => {
          await tx.collection(spec).findOne({ _id: 'u1' })
          await tx.collection(spec).updateOne({ _id: 'u1' }, { $inc: { n: 1 } })
          await tx.collection(spec).insertOne({ _id: 'tx' })
        }),
      { find: 1, update: 1, insert: 1, commitTransaction: 1 },
    ],
  ])('%s', async (_name, work, expected) => {
    // The catalogue of indexes is read once for a collection, not with each operation.
    await users.findOne({ _id: 'u0' })
    expect(await sentBy(work)).toEqual(expected)
  })

  it('many gets by id of one tick', async () => {
    class Users extends DocumentRepository<User, string, User> {
      protected readonly collectionName = 'users'
      protected documentToEntity = (document: User) => document
      protected entityToDocument = (user: User) => user
    }
    const repository = new Users(store)
    await repository.get('u0')
    const sent = await sentBy(() => Promise.all(Array.from({ length: 40 }, (_, n) => repository.get(`u${n}`))))
    expect(sent).toEqual({ find: 1 })
  })

  it('what a mixed bulk write did or could not do', async () => {
    const operations = [
      { insertOne: { document: { _id: 'b1', email: 'b1@x.test' } } },
      { updateOne: { filter: { _id: 'new' }, update: { $set: { n: 7 } }, upsert: true } },
      { insertOne: { document: { _id: 'b2', email: '5@x.test' } } },
      { deleteMany: { filter: { n: { $lt: 10 } } } },
    ] as const
    const ordered = await users.bulkWrite(operations).catch((error: unknown) => error as BulkWriteError)
    expect(ordered).toMatchObject({
      errors: [{ index: 2, error: { code: 'LEX_ERR_DB_005', details: { fields: ['email'], index: 'email_1' } } }],
      result: {
        insertedCount: 1,
        insertedIds: { 0: 'b1' },
        upsertedCount: 1,
        upsertedIds: { 1: 'new' },
        deletedCount: 0,
      },
    })
    await users.deleteMany({ _id: { $in: ['b1', 'new'] } })
    const unordered = await users.bulkWrite(operations, { ordered: false }).catch((error: unknown) => error)
    expect(unordered).toMatchObject({
      errors: [{ index: 2, error: { code: 'LEX_ERR_DB_005' } }],
      result: { insertedCount: 1, upsertedIds: { 1: 'new' }, deletedCount: 11 },
    })
  })

  it('which key was taken, in an insert of many', async () => {
    const error: unknown = await users
      .insertMany([{ _id: 'c1' }, { _id: 'c2', email: '7@x.test' }])
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      errors: [{ index: 1, error: { code: 'LEX_ERR_DB_005', details: { fields: ['email'], index: 'email_1' } } }],
    })
    expect(JSON.stringify(error)).not.toContain('7@x.test')
  })
})
