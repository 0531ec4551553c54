import { describe, expect, it } from 'vitest'
import { bare, openRecorded } from '../../../../../test/support/recorded-mongo.ts'
import type { Command } from '../../../../../tools/mongodb-server/wire.ts'
import type { Collection } from '../../../collection/collection.ts'

/** @see https://github.com/mongodb/specifications/tree/master/source/crud */

const documents = [
  { _id: 1, x: 11, list: [{ y: 1 }, { y: 2 }] },
  { _id: 2, x: 22, list: [] },
]
const filter = { x: 11 }
const update = { $set: { y: 1 } }
const pipeline = [{ $set: { y: 1 } }]
const replacement = { y: 1 }
const collation = { locale: 'de', strength: 2 }
const variables = { a: 1 }
const sort = { x: -1 } as const
/** Of documents alike, the first by `_id`. */
const order = { sort: { ...sort, _id: 1 } }
const arrayFilters = [{ e: { y: 2 } }]
const byElement = { $set: { 'list.$[e].y': 3 } }
const vendor = { hint: 'a_1', collation }
const commented = { mongodb: { ...vendor, comment: 'why' } }

type Case = readonly [title: string, run: (c: Collection) => Promise<unknown>, command: Command]

type Statement = readonly [
  title: string,
  run: (c: Collection) => Promise<unknown>,
  statement: Command,
  command?: Command,
]

const updates: readonly Statement[] = [
  ['updateOne', (c) => c.updateOne(filter, update), { u: update }],
  ['updateOne by a pipeline', (c) => c.updateOne(filter, pipeline), { u: pipeline }],
  ['updateOne, sorted', (c) => c.updateOne(filter, update, { sort }), { u: update, ...order }],
  ['updateOne of elements', (c) => c.updateOne(filter, byElement, { arrayFilters }), { u: byElement, arrayFilters }],
  [
    'updateOne with variables',
    (c) => c.updateOne(filter, pipeline, { let: variables }),
    { u: pipeline },
    { let: variables },
  ],
  [
    'updateOne with options of MongoDB',
    (c) => c.updateOne(filter, update, commented),
    { u: update, ...vendor },
    { comment: 'why' },
  ],
  [
    'updateOne that inserts',
    (c) => c.updateOne({ _id: 3 }, update, { upsert: true }),
    { q: { _id: 3 }, u: update, upsert: true },
  ],
  ['updateMany', (c) => c.updateMany(filter, update), { u: update, multi: true }],
  ['updateMany by a pipeline', (c) => c.updateMany(filter, pipeline), { u: pipeline, multi: true }],
  [
    'updateMany of elements',
    (c) => c.updateMany(filter, byElement, { arrayFilters }),
    { u: byElement, arrayFilters, multi: true },
  ],
  [
    'updateMany with variables',
    (c) => c.updateMany(filter, pipeline, { let: variables }),
    { u: pipeline, multi: true },
    { let: variables },
  ],
  [
    'updateMany with options of MongoDB',
    (c) => c.updateMany(filter, update, commented),
    { u: update, multi: true, ...vendor },
    { comment: 'why' },
  ],
  [
    'updateMany that inserts',
    (c) => c.updateMany({ _id: 3 }, update, { upsert: true }),
    { q: { _id: 3 }, u: update, multi: true, upsert: true },
  ],
  ['replaceOne', (c) => c.replaceOne(filter, replacement), { u: replacement }],
  ['replaceOne, sorted', (c) => c.replaceOne(filter, replacement, { sort }), { u: replacement, ...order }],
  [
    'replaceOne with variables',
    (c) => c.replaceOne(filter, replacement, { let: variables }),
    { u: replacement },
    { let: variables },
  ],
  [
    'replaceOne with options of MongoDB',
    (c) => c.replaceOne(filter, replacement, commented),
    { u: replacement, ...vendor },
    { comment: 'why' },
  ],
  [
    'replaceOne that inserts',
    (c) => c.replaceOne({ _id: 3 }, replacement, { upsert: true }),
    { q: { _id: 3 }, u: replacement, upsert: true },
  ],
]

const deletions: readonly Statement[] = [
  ['deleteOne', (c) => c.deleteOne(filter), { limit: 1 }],
  ['deleteOne with variables', (c) => c.deleteOne(filter, { let: variables }), { limit: 1 }, { let: variables }],
  [
    'deleteOne with options of MongoDB',
    (c) => c.deleteOne(filter, commented),
    { limit: 1, ...vendor },
    { comment: 'why' },
  ],
  ['deleteMany', (c) => c.deleteMany(filter), { limit: 0 }],
  ['deleteMany with variables', (c) => c.deleteMany(filter, { let: variables }), { limit: 0 }, { let: variables }],
  [
    'deleteMany with options of MongoDB',
    (c) => c.deleteMany(filter, commented),
    { limit: 0, ...vendor },
    { comment: 'why' },
  ],
]

const modifications: readonly Case[] = [
  ['findOneAndUpdate', (c) => c.findOneAndUpdate(filter, update), { update }],
  ['findOneAndUpdate by a pipeline', (c) => c.findOneAndUpdate(filter, pipeline), { update: pipeline }],
  ['findOneAndUpdate, sorted', (c) => c.findOneAndUpdate(filter, update, { sort }), { update, ...order }],
  [
    'findOneAndUpdate of elements',
    (c) => c.findOneAndUpdate(filter, byElement, { arrayFilters }),
    { update: byElement, arrayFilters },
  ],
  [
    'findOneAndUpdate with a projection',
    (c) => c.findOneAndUpdate(filter, update, { projection: { x: 1 }, returnDocument: 'after' }),
    { update, fields: { x: 1 }, new: true },
  ],
  [
    'findOneAndUpdate with variables',
    (c) => c.findOneAndUpdate(filter, pipeline, { let: variables }),
    { update: pipeline, let: variables },
  ],
  [
    'findOneAndUpdate with options of MongoDB',
    (c) => c.findOneAndUpdate(filter, update, commented),
    { update, ...vendor, comment: 'why' },
  ],
  [
    'findOneAndUpdate that inserts',
    (c) => c.findOneAndUpdate({ _id: 3 }, update, { upsert: true }),
    { query: { _id: 3 }, update, upsert: true },
  ],
  ['findOneAndReplace', (c) => c.findOneAndReplace(filter, replacement), { update: replacement }],
  [
    'findOneAndReplace, sorted',
    (c) => c.findOneAndReplace(filter, replacement, { sort }),
    { update: replacement, ...order },
  ],
  [
    'findOneAndReplace with a projection',
    (c) => c.findOneAndReplace(filter, replacement, { projection: { x: 1 }, returnDocument: 'after' }),
    { update: replacement, fields: { x: 1 }, new: true },
  ],
  [
    'findOneAndReplace with variables',
    (c) => c.findOneAndReplace(filter, replacement, { let: variables }),
    { update: replacement, let: variables },
  ],
  [
    'findOneAndReplace with options of MongoDB',
    (c) => c.findOneAndReplace(filter, replacement, commented),
    { update: replacement, ...vendor, comment: 'why' },
  ],
  [
    'findOneAndReplace that inserts',
    (c) => c.findOneAndReplace({ _id: 3 }, replacement, { upsert: true }),
    { query: { _id: 3 }, update: replacement, upsert: true },
  ],
  ['findOneAndDelete', (c) => c.findOneAndDelete(filter), { remove: true }],
  ['findOneAndDelete, sorted', (c) => c.findOneAndDelete(filter, { sort }), { remove: true, ...order }],
  [
    'findOneAndDelete with a projection',
    (c) => c.findOneAndDelete(filter, { projection: { x: 1 } }),
    { remove: true, fields: { x: 1 } },
  ],
  [
    'findOneAndDelete with variables',
    (c) => c.findOneAndDelete(filter, { let: variables }),
    { remove: true, let: variables },
  ],
  [
    'findOneAndDelete with options of MongoDB',
    (c) => c.findOneAndDelete(filter, commented),
    { remove: true, ...vendor, comment: 'why' },
  ],
]

const ofStatements = (name: 'update' | 'delete', cases: readonly Statement[]): readonly Case[] =>
  cases.map(([title, run, statement, command = {}]) => {
    const statements = [{ q: filter, ...statement }]
    return [title, run, { [name]: 'items', [`${name}s`]: statements, ordered: true, ...command }]
  })

const unasked = { remove: false, new: false, upsert: false }
const cases: readonly Case[] = [
  ...ofStatements('update', updates),
  ...ofStatements('delete', deletions),
  ...modifications.map(([title, run, command]): Case => [
    title,
    run,
    { findAndModify: 'items', query: filter, ...unasked, ...command },
  ]),
]

describe('a command that writes', async () => {
  const { items, sent } = await openRecorded({ documents })

  it.each(cases)('a command that writes of %s has what was asked', async (_title, run, command) => {
    await run(items)
    expect(sent().map(bare)).toEqual([command])
  })

  it.each<readonly [string, (c: Collection) => Promise<unknown>]>([
    ['updateOne without an operator', (c) => c.updateOne(filter, { x: 1 })],
    ['updateMany without an operator', (c) => c.updateMany(filter, { x: 1 })],
    ['findOneAndUpdate without an operator', (c) => c.findOneAndUpdate(filter, { x: 1 })],
    ['replaceOne with an operator', (c) => c.replaceOne(filter, { $set: { x: 1 } })],
    ['findOneAndReplace with an operator', (c) => c.findOneAndReplace(filter, { $set: { x: 1 } })],
    [
      'a bulk write that updates without an operator',
      (c) => c.bulkWrite([{ updateOne: { filter, update: { x: 1 } } }]),
    ],
    [
      'a bulk write that replaces with an operator',
      (c) => c.bulkWrite([{ replaceOne: { filter, replacement: { $set: { x: 1 } } } }]),
    ],
  ])('a command that writes of %s is not sent', async (_title, run) => {
    await expect(run(items)).rejects.toMatchObject({ code: expect.stringMatching(/^LEX_ERR_/) })
    expect(sent()).toEqual([])
  })
})
