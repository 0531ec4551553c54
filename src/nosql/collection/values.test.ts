import { describe, expect, it } from 'vitest'
import { aggregation } from '../aggregation/index.ts'
import { memory } from '../drivers/memory/memory-driver.ts'
import { createDocumentStore } from '../store/document-store.ts'

const open = () => createDocumentStore(memory({ aggregation: aggregation() }), { scans: 'allow' }).collection('items')

describe('64-bit integers in the result of a pipeline', () => {
  const beyond = 2n ** 60n
  const stages = [{ $project: { _id: 0, long: 1, list: [{ inner: '$long' }], beyond: { $literal: beyond } } }]

  it('are numbers within the safe range', async () => {
    const items = open()
    await items.insertOne({ _id: 1, long: 7n })
    const rows = await items.aggregate(stages).toArray()
    expect(rows).toEqual([{ long: 7, list: [{ inner: 7 }], beyond }])
    expect(await items.findOne({})).toEqual({ _id: 1, long: 7n })
  })

  it('stay what they are where that is asked for', async () => {
    const items = open()
    await items.insertOne({ _id: 1, long: 7n })
    expect(await items.aggregate(stages, { longs: 'bigint' }).toArray()).toEqual([
      { long: 7n, list: [{ inner: 7n }], beyond },
    ])
    await expect(items.aggregate([], { longs: 'text' as never }).toArray()).rejects.toMatchObject({
      code: 'LEX_ERR_USE_001',
    })
  })
})

describe('undefined', () => {
  it('is left out by $set and $setOnInsert as by an insert', async () => {
    const items = open()
    const update = { $set: { a: undefined, b: { c: undefined, d: 1 } }, $setOnInsert: { e: undefined } }
    await items.updateOne({ _id: 1 }, update, { upsert: true })
    expect(await items.findOne({})).toEqual({ _id: 1, b: { d: 1 } })
    await expect(items.updateOne({ _id: 1 }, { $push: { f: undefined } })).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_005',
    })
  })
})

describe('variables of let', () => {
  it('may be constant expressions', async () => {
    const items = open()
    await items.insertMany([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ])
    const found = items.find({ $expr: { $gt: ['$n', '$$least'] } }, { let: { least: { $add: [0, 1] } } })
    expect(await found.toArray()).toEqual([{ _id: 2, n: 2 }])
  })
})

describe('the filter of a partial index', () => {
  it.each([
    { n: 1 },
    { n: { $exists: true, $gt: 1 } },
    { n: { $in: [1, null] } },
    { $or: [{ n: { $type: 'number' } }, { $and: [{ m: { $lte: 2 } }] }] },
    {},
  ])('can be %j', async (partialFilterExpression) => {
    expect(await open().createIndex('n', { partialFilterExpression })).toBe('n_1')
  })

  it.each([
    { n: { $ne: 1 } },
    { n: { $exists: false } },
    { n: { $nin: [1] } },
    { n: { $regex: 'x' } },
    { n: { $in: [/x/] } },
    { n: { $not: { $gt: 1 } } },
    { n: { $size: 1 } },
    { $nor: [{ n: 1 }] },
  ])('cannot be %j', async (partialFilterExpression) => {
    await expect(open().createIndex('n', { partialFilterExpression })).rejects.toMatchObject({
      code: 'LEX_ERR_NOSQL_005',
      reason: 'CannotCreateIndex',
    })
  })
})
