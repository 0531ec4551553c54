import { describe, expect, it } from 'vitest'
import { bare, nameOf, openRecorded } from '../../../../../test/support/recorded-mongo.ts'
import type { Command } from '../../../../../tools/mongodb-server/wire.ts'
import type { Collection } from '../../../collection/collection.ts'

/** @see https://github.com/mongodb/specifications/tree/master/source/crud */

const documents = [
  { _id: 1, x: 11, list: [{ y: 1 }, { y: 2 }] },
  { _id: 2, x: 22, list: [] },
]
const filter = { x: 11 }
const collation = { locale: 'de', strength: 2 }
const variables = { a: 1 }
const sort = { x: -1 } as const
/** Of documents alike, the first by `_id`. */
const order = { sort: { ...sort, _id: 1 } }
const vendor = { hint: 'a_1', collation }
const commented = { mongodb: { ...vendor, comment: 'why' } }

type Case = readonly [title: string, run: (c: Collection) => Promise<unknown>, command: Command]

const reads: readonly Case[] = [
  ['find', (c) => c.find(filter).toArray(), { find: 'items', filter }],
  ['find, sorted', (c) => c.find(filter, { sort }).toArray(), { find: 'items', filter, ...order }],
  [
    'find, limited',
    (c) => c.find(filter, { skip: 1, limit: 2 }).toArray(),
    { find: 'items', filter, skip: 1, limit: 2, batchSize: 3 },
  ],
  [
    'find with a projection',
    (c) => c.find(filter, { projection: { x: 1 } }).toArray(),
    { find: 'items', filter, projection: { x: 1 } },
  ],
  [
    'find with variables',
    (c) => c.find({ $expr: { $eq: ['$x', '$$a'] } }, { let: variables }).toArray(),
    { find: 'items', filter: { $expr: { $eq: ['$x', '$$a'] } }, let: variables },
  ],
  [
    'find with options of MongoDB',
    (c) => c.find(filter, commented).toArray(),
    { find: 'items', filter, ...vendor, comment: 'why' },
  ],
  ['findOne', (c) => c.findOne(filter), { find: 'items', filter, limit: 1, singleBatch: true }],
  ['aggregate', (c) => c.aggregate([{ $match: filter }]).toArray(), { pipeline: [{ $match: filter }] }],
  [
    'aggregate with variables',
    (c) => c.aggregate([{ $match: filter }], { let: variables }).toArray(),
    { pipeline: [{ $match: filter }], let: variables },
  ],
  [
    'aggregate with options of MongoDB',
    (c) => c.aggregate([{ $match: filter }], commented).toArray(),
    { pipeline: [{ $match: filter }], ...vendor, comment: 'why' },
  ],
  ['aggregate with $out', (c) => c.aggregate([{ $out: 'copies' }]).toArray(), { pipeline: [{ $out: 'copies' }] }],
  [
    'countDocuments',
    (c) => c.countDocuments(filter, { skip: 1, limit: 2 }),
    { pipeline: [{ $match: filter }, { $skip: 1 }, { $limit: 2 }, { $group: { _id: 1, n: { $sum: 1 } } }] },
  ],
  [
    'countDocuments with options of MongoDB',
    (c) => c.countDocuments(filter, commented),
    { pipeline: [{ $match: filter }, { $group: { _id: 1, n: { $sum: 1 } } }], ...vendor, comment: 'why' },
  ],
  ['estimatedDocumentCount', (c) => c.estimatedDocumentCount(), { count: 'items' }],
  ['distinct', (c) => c.distinct('x', filter), { distinct: 'items', key: 'x', query: filter }],
  [
    'distinct with options of MongoDB',
    (c) => c.distinct('x', filter, commented),
    { distinct: 'items', key: 'x', query: filter, ...vendor, comment: 'why' },
  ],
]

describe('a command that reads', async () => {
  const { items, sent } = await openRecorded({ documents })

  it.each(reads)('a command that reads of %s has what was asked', async (_title, run, command) => {
    await run(items)
    const named = 'pipeline' in command ? { aggregate: 'items', cursor: {}, ...command } : command
    expect(sent().map(bare)).toEqual([named])
  })

  it('a command that reads for more of a find has the comment of the find', async () => {
    await items.insertMany(Array.from({ length: 150 }, () => ({})))
    await items.find({}, commented).toArray()
    const more = sent().filter((command) => nameOf(command) === 'getMore')
    expect(more.map(bare)).toEqual([{ getMore: expect.anything(), collection: 'items', comment: 'why' }])
  })
})
