import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { serveMongo } from '../../../../tools/mongodb-server/serve.ts'
import type { Command } from '../../../../tools/mongodb-server/wire.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { createDocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'

const refused = { code: 'LEX_ERR_NOSQL_009' }
const overBudget = { code: 'LEX_ERR_NOSQL_010' }

describe('options of what MongoDB does by itself', async () => {
  let received: Command[] = []
  const upkeep = new Set(['hello', 'ping', 'endSessions', 'listIndexes'])
  const server = await serveMongo({ onCommand: (command) => void received.push(command) })
  const config = { uri: toSecret(server.uri) }
  const store = createDocumentStore(mongodb(), { database: 'obeyed', config, scans: 'deny' })
  afterAll(async () => {
    await store.disconnect()
    await server.close()
  })
  const items = store.collection('items')
  const sent = () => received.filter((command) => !upkeep.has(Object.keys(command)[0] ?? ''))
  beforeEach(async () => {
    await items.deleteMany({}, { scans: 'allow' })
    await items.createIndex({ n: 1 })
    await items.insertMany([1, 2, 3].map((_id) => ({ _id, n: _id, text: 'x' })))
    received = []
  })

  it.each([
    ['text', { filter: { $text: { $search: 'x' } } }],
    ['places', { filter: { at: { $near: [0, 0] } } }],
    ['an index of its own condition', { filter: { n: 1 } }],
  ])('a query by %s does not count as a scan', async (_what, query) => {
    expect(await items.explain({ text: 'x' }, { mongodb: query })).toMatchObject({ scan: false, access: 'index' })
  })

  it('an unfit index that must be used is a scan', async () => {
    await items.createIndex({ other: 1 })
    expect(await items.explain({ n: 1 })).toMatchObject({ scan: false })
    expect(await items.explain({ n: 1 }, { mongodb: { hint: 'other_1' } })).toMatchObject({ scan: true })
    expect(await items.explain({ n: 1 }, { mongodb: { hint: { $natural: 1 } } })).toMatchObject({ scan: true })
    expect(await items.explain({ n: 1 }, { mongodb: { hint: { n: 1 } } })).toMatchObject({ scan: false, index: 'n_1' })
  })

  const stages: readonly (readonly [string, object[], boolean])[] = [
    ['of all documents', [], true],
    ['by an index', [{ $match: { n: 1 } }], false],
    ['by an index, in two stages', [{ $match: { text: 'x' } }, { $match: { n: 1 } }], false],
    ['with a condition behind a change', [{ $set: { n: 2 } }, { $match: { n: 1 } }], true],
    ['by text', [{ $match: { $text: { $search: 'x' } } }], false],
    ['by places', [{ $geoNear: { near: [0, 0], distanceField: 'd' } }], false],
    [
      'that looks up by _id',
      [{ $match: { n: 1 } }, { $lookup: { from: 'items', localField: 'n', foreignField: '_id', as: 'o' } }],
      false,
    ],
    [
      'that looks up without an index',
      [{ $match: { n: 1 } }, { $lookup: { from: 'items', localField: 'n', foreignField: 'text', as: 'o' } }],
      true,
    ],
    ['that looks up all', [{ $match: { n: 1 } }, { $lookup: { from: 'items', pipeline: [], as: 'o' } }], true],
    [
      'that looks up within a facet',
      [{ $match: { n: 1 } }, { $facet: { a: [{ $lookup: { from: 'items', pipeline: [], as: 'o' } }] } }],
      true,
    ],
    ['with another collection beside it', [{ $match: { n: 1 } }, { $unionWith: 'others' }], true],
    [
      'with a part of another collection',
      [{ $match: { n: 1 } }, { $unionWith: { coll: 'items', pipeline: [{ $match: { n: 2 } }] } }],
      false,
    ],
    [
      'that follows a graph without an index',
      [
        { $match: { n: 1 } },
        { $graphLookup: { from: 'items', startWith: '$n', connectFromField: 'n', connectToField: 'text', as: 'o' } },
      ],
      true,
    ],
  ]

  it.each(stages)('a pipeline %s is planned before it is sent', async (_what, pipeline, isScan) => {
    const outcome: unknown = await items
      .aggregate(pipeline as never[])
      .toArray()
      .catch((error: unknown) => error)
    if (isScan) expect(outcome).toMatchObject(refused)
    expect(sent()).toHaveLength(isScan ? 0 : 1)
  })

  it('an estimate does not count as a scan', async () => {
    expect(await items.estimatedDocumentCount()).toBe(3)
    await expect(items.countDocuments()).rejects.toMatchObject(refused)
    expect(sent()).toMatchObject([{ count: 'items' }])
  })

  it('a count goes no further than its budget, in one request', async () => {
    const count = (maxDocuments: number, options = {}) =>
      items.countDocuments({ n: { $gte: 1 } }, { budget: { maxDocuments }, ...options })
    await expect(count(2)).rejects.toMatchObject(overBudget)
    expect(sent()).toMatchObject([{ pipeline: [{}, { $limit: 3 }, {}] }])
    expect(await count(3)).toBe(3)
    expect(await count(3, { skip: 1 })).toBe(2)
    expect(await count(2, { limit: 2 })).toBe(2)
    expect(await count(1e6, { skip: 1, limit: 1 })).toBe(1)
    await expect(count(2, { skip: 1, limit: 2 })).rejects.toMatchObject(overBudget)
  })

  it.each([
    ['updateOne', () => items.updateOne({ n: 1 }, { $set: { done: true } }, { budget: { maxRequests: 0 } })],
    ['deleteMany', () => items.deleteMany({ n: 1 }, { budget: { maxRequests: 0 } })],
    ['countDocuments', () => items.countDocuments({ n: 1 }, { budget: { maxRequests: 0 } })],
    ['distinct', () => items.distinct('n', { n: 1 }, { budget: { maxRequests: 0 } })],
    ['aggregate', () => items.aggregate([{ $match: { n: 1 } }], { budget: { maxRequests: 0 } }).toArray()],
    ['find', () => items.find({ n: 1 }, { budget: { maxRequests: 0 } }).toArray()],
    ['estimatedDocumentCount', () => items.estimatedDocumentCount({ budget: { maxRequests: 0 } })],
  ] as const)('%s without a request left sends nothing', async (_name, run) => {
    await expect(run()).rejects.toMatchObject(overBudget)
    expect(sent()).toEqual([])
  })

  it('a document that is too large to be returned is not changed', async () => {
    const budget = { maxBytes: 100 }
    const change = items.findOneAndUpdate({ n: 1 }, { $set: { done: true } }, { budget })
    await expect(change).rejects.toMatchObject(overBudget)
    expect(await items.findOne({ _id: 1 })).toEqual({ _id: 1, n: 1, text: 'x' })
  })

  it('values are compared as it is asked for, or not at all', async () => {
    const mongodbOptions = { mongodb: { collation: { locale: 'en', strength: 2 } } }
    const values = (options: object) => items.distinct('text', { n: 1 }, { ...mongodbOptions, ...options })
    expect(await values({})).toEqual(['x'])
    await expect(values({ budget: { maxDocuments: 10 } })).rejects.toMatchObject(refused)
    await expect(values({ let: { a: 1 } })).rejects.toMatchObject(refused)
  })

  it('a pipeline under a budget of documents names what lifts it', async () => {
    const bounded = createDocumentStore(mongodb(), { database: 'obeyed', config, budget: { maxDocuments: 10 } })
    const all = bounded.collection('items')
    await expect(all.aggregate([]).toArray()).rejects.toMatchObject({
      ...refused,
      hint: expect.stringContaining('{ budget: { maxDocuments: Infinity } }'),
    })
    expect(await all.aggregate([], { budget: { maxDocuments: Infinity } }).toArray()).toHaveLength(3)
    await bounded.disconnect()
  })
})
