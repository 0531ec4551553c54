import { describe, expect, it } from 'vitest'
import { refusal } from '../../../../../test/support/failing-mongo.ts'
import { bare, nameOf, openRecorded } from '../../../../../test/support/recorded-mongo.ts'
import type { Command } from '../../../../../tools/mongodb-server/wire.ts'
import type { Collection } from '../../../collection/collection.ts'

/**
 * @see https://github.com/mongodb/specifications/tree/master/source/index-management
 * @see https://github.com/mongodb/specifications/tree/master/source/collection-management
 */

type Case = readonly [title: string, run: (c: Collection) => Promise<unknown>, index: Command]

const partialFilterExpression = { x: { $gt: 1 } }

const creations: readonly Case[] = [
  ['one path', (c) => c.createIndex('x'), { key: { x: 1 }, name: 'x_1' }],
  ['several paths', (c) => c.createIndex({ x: 1, y: -1 }), { key: { x: 1, y: -1 }, name: 'x_1_y_-1' }],
  ['a path below another', (c) => c.createIndex('x.y'), { key: { 'x.y': 1 }, name: 'x.y_1' }],
  ['a name', (c) => c.createIndex('x', { name: 'own' }), { key: { x: 1 }, name: 'own' }],
  ['unique keys', (c) => c.createIndex('x', { unique: true }), { key: { x: 1 }, name: 'x_1', unique: true }],
  ['keys that are there', (c) => c.createIndex('x', { sparse: true }), { key: { x: 1 }, name: 'x_1', sparse: true }],
  [
    'documents of a filter',
    (c) => c.createIndex('x', { partialFilterExpression }),
    { key: { x: 1 }, name: 'x_1', partialFilterExpression },
  ],
  [
    'an expiry',
    (c) => c.createIndex('x', { expireAfterSeconds: 60 }),
    { key: { x: 1 }, name: 'x_1', expireAfterSeconds: 60 },
  ],
]

describe('an index', async () => {
  const { items, store, sent, failNext } = await openRecorded()
  const ofName = (name: string): readonly Command[] => sent().filter((each) => nameOf(each) === name)

  it.each(creations)('an index of %s is created by one command', async (_title, run, index) => {
    for (const { name } of await items.listIndexes()) if (name !== '_id_') await items.dropIndex(name)
    await run(items)
    expect(ofName('createIndexes').map(bare)).toEqual([{ createIndexes: 'items', indexes: [index] }])
  })

  it('is dropped by its name', async () => {
    await items.createIndex('y', { name: 'own' })
    expect(await items.dropIndex('own')).toBe(true)
    expect(ofName('dropIndexes').map(bare)).toEqual([{ dropIndexes: 'items', index: 'own' }])
  })

  it.each([26, 27])('an index that is not there is not dropped, which the server says with %i', async (code) => {
    failNext('dropIndexes', refusal(code))
    expect(await items.dropIndex('own')).toBe(false)
  })

  it('an index of a collection that is not there is the one on _id', async () => {
    failNext('listIndexes', refusal(26))
    expect(await items.listIndexes()).toMatchObject([{ name: '_id_' }])
  })

  it.each([85, 86])('an index that contradicts another one is refused with %i', async (code) => {
    failNext('createIndexes', refusal(code))
    await expect(items.createIndex('x')).rejects.toMatchObject({ code: 'LEX_ERR_NOSQL_005', cause: { code } })
  })

  it('is not created over keys that stand twice', async () => {
    failNext('createIndexes', refusal(11000))
    await expect(items.createIndex('x', { unique: true })).rejects.toMatchObject({ code: 'LEX_ERR_DB_005' })
  })

  it('needs a collection, which one command creates', async () => {
    await store.dropCollection('others')
    expect(await store.createCollection('others')).toBe(true)
    expect(ofName('create').map(bare)).toEqual([{ create: 'others' }])
  })

  it('has the collection that is there already', async () => {
    failNext('create', refusal(48))
    expect(await store.createCollection('others')).toBe(false)
  })

  it('goes with its collection', async () => {
    await store.createCollection('others')
    expect(await store.dropCollection('others')).toBe(true)
    expect(await store.dropCollection('others')).toBe(false)
    expect(ofName('drop').map(bare)).toEqual([{ drop: 'others' }])
  })
})
