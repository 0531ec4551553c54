import { describe, expect, it } from 'vitest'
import { openRecorded } from '../../../../test/support/recorded-mongo.ts'
import type { MongoDbQuery } from '../../contract/vendor-query.ts'
import { DocumentRepository } from '../../repository/repository.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import type { Collection } from '../../collection/collection.ts'
import { memory } from '../memory/memory-driver.ts'

const filter = { $or: [{ a: 1 }, { b: 2 }] }
const collation = { locale: 'de', strength: 2 }

describe('what only MongoDB can do', async () => {
  const { store, items, received } = await openRecorded()

  const asked = { c: 3 }
  const option: MongoDbQuery = { filter, hint: 'a_1', collation, comment: 'why' }
  const both = { $and: [asked, filter] }
  const shared = { hint: 'a_1', collation }

  type Run = (c: Collection) => Promise<unknown>
  const operations: readonly (readonly [string, Run, string, object])[] = [
    ['find', (c) => c.find(asked, { mongodb: option }).toArray(), 'find', { filter: both, comment: 'why', ...shared }],
    ['findOne', (c) => c.findOne(asked, { mongodb: option }), 'find', { filter: both, ...shared }],
    [
      'countDocuments',
      (c) => c.countDocuments(asked, { mongodb: option }),
      'aggregate',
      { pipeline: [{ $match: both }, {}], ...shared },
    ],
    ['distinct', (c) => c.distinct('a', asked, { mongodb: option }), 'distinct', { query: both, ...shared }],
    [
      'updateOne',
      (c) => c.updateOne(asked, { $set: { d: 1 } }, { mongodb: option }),
      'update',
      { updates: [{ q: both, ...shared }], comment: 'why' },
    ],
    [
      'updateMany',
      (c) => c.updateMany(asked, { $set: { d: 1 } }, { mongodb: option }),
      'update',
      { updates: [{ q: both, ...shared, multi: true }] },
    ],
    [
      'replaceOne',
      (c) => c.replaceOne(asked, { d: 1 }, { mongodb: option }),
      'update',
      { updates: [{ q: both, ...shared }] },
    ],
    ['deleteOne', (c) => c.deleteOne(asked, { mongodb: option }), 'delete', { deletes: [{ q: both, ...shared }] }],
    ['deleteMany', (c) => c.deleteMany(asked, { mongodb: option }), 'delete', { deletes: [{ q: both, ...shared }] }],
    [
      'findOneAndUpdate',
      (c) => c.findOneAndUpdate(asked, { $set: { d: 1 } }, { mongodb: option }),
      'findAndModify',
      { query: both, comment: 'why', ...shared },
    ],
    [
      'findOneAndDelete',
      (c) => c.findOneAndDelete(asked, { mongodb: option }),
      'findAndModify',
      { query: both, ...shared },
    ],
    [
      'a bulk write',
      (c) =>
        c.bulkWrite([
          { updateOne: { filter: asked, update: { $set: { d: 1 } }, mongodb: { filter, hint: 'a_1', collation } } },
          { deleteOne: { filter: asked, mongodb: { filter, hint: 'a_1', collation } } },
        ]),
      'bulkWrite',
      {
        ops: [
          { update: 0, filter: both, ...shared },
          { delete: 0, filter: both, ...shared },
        ],
      },
    ],
    [
      'aggregate',
      (c) =>
        c
          .aggregate([{ $match: asked }], { mongodb: { stages: [{ $match: filter }], hint: 'a_1', collation } })
          .toArray(),
      'aggregate',
      { pipeline: [{ $match: filter }, { $match: asked }], ...shared },
    ],
  ]

  it.each(operations)('%s: reaches the server', async (_name, run, name, expected) => {
    await run(items)
    expect(received.filter((command) => name in command)).toMatchObject([expected])
  })

  it.each(operations)('%s: is refused on another driver, with a hint', async (_name, run) => {
    const other = createDocumentStore(memory(), { scans: 'allow' })
    await expect(run(other.collection('items'))).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_009',
      hint: expect.stringContaining('MongoDB'),
    })
  })

  it.each([
    ['undefined', { filter: { a: undefined } }],
    ['a function', { filter: { $or: [{ a: () => 1 }] } }],
    ['a symbol', { filter: { a: { $in: [Symbol('x')] } } }],
    ['undefined in the keys of a hint', { hint: { a: undefined } }],
    ['undefined in a collation', { collation: { locale: 'de', strength: undefined } }],
  ])('a vendor query with %s is refused, because the codec would leave it out', async (_name, query) => {
    await expect(items.deleteMany({}, { mongodb: query })).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_007',
      reason: 'BadValue',
    })
    expect(received).toEqual([])
  })

  it('a vendor query with a stage of undefined is refused', async () => {
    const stages = [{ $search: { text: { query: undefined, path: 'a' } } }]
    await expect(items.aggregate([], { mongodb: { stages } }).toArray()).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_007',
    })
    expect(received).toEqual([])
  })

  it('a text search is answered or refused by the server', async () => {
    const search = items.find({}, { mongodb: { filter: { $text: { $search: 'x' } } } }).toArray()
    // The server of these tests has no text indexes.
    await expect(search).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_007' })
    expect(received.filter((command) => 'find' in command)).toMatchObject([
      { filter: { $and: [{}, { $text: { $search: 'x' } }] } },
    ])
  })

  it('is refused where it would not be used', async () => {
    const usage = { code: 'LEX_ERR_USE_001' }
    const wrong = { mongodb: option } as object
    await expect(items.insertOne({ a: 1 }, wrong)).rejects.toMatchObject(usage)
    await expect(items.findPage({}, wrong)).rejects.toMatchObject(usage)
    await expect(items.find({}, { mongodb: { stages: [] } }).toArray()).rejects.toMatchObject(usage)
    await expect(items.aggregate([], { mongodb: { filter } }).toArray()).rejects.toMatchObject(usage)
    await expect(items.find({}, { mongodb: { hnt: 'a' } as MongoDbQuery }).toArray()).rejects.toMatchObject(usage)
    expect(received).toEqual([])
  })

  it('a top-level hint or collation says where it belongs', async () => {
    const wrong = { collation } as object
    await expect(items.findOne({}, wrong)).rejects.toMatchObject({ hint: expect.stringContaining("'mongodb'") })
  })

  it('cannot lead out of a repository', async () => {
    class Items extends DocumentRepository<{ id: string }> {
      protected readonly collectionName = 'items'
      protected documentToEntity = ({ _id }: { _id: unknown }) => ({ id: String(_id) })
      protected entityToDocument = ({ id }: { id: string }) => ({ _id: id })
      all = (query: MongoDbQuery) => this.collection().find({}, { mongodb: query }).toArray()
    }
    const repository = new Items(store, { tenant: { field: 'team', id: () => 'red' } })
    await repository.all({ filter, hint: 'a_1' })
    expect(received.filter((command) => 'find' in command)).toMatchObject([
      { filter: { $and: [{ $and: [{ team: { $eq: 'red' } }, {}] }, filter] }, hint: 'a_1' },
    ])
    await expect(repository.all({ collation })).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  })
})
