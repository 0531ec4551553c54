import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { laneNames, startLane, type DocumentLane } from '../support/document-lanes.ts'

describe.each(laneNames)('$$NOW of an update by a pipeline on %s', (name) => {
  let lane: DocumentLane
  beforeAll(async () => {
    lane = await startLane(name)
  })
  afterAll(() => lane.close())

  const now = new Date('2001-02-03T04:05:06.007Z')
  const update = [
    { $set: { first: '$$NOW', text: { $literal: '$$NOW' } } },
    { $set: { second: { $cond: [true, '$$NOW', 0] }, same: { $eq: ['$first', '$$NOW'] }, list: ['$$NOW', 'NOW'] } },
  ]
  const made = { first: now, text: '$$NOW', second: now, same: true, list: [now, 'NOW'] }

  it('is the time of the store in the whole operation', async () => {
    const items = lane.open({ clock: () => now.getTime() }).collection('items')
    await items.updateOne({ _id: 'upserted' }, update, { upsert: true })
    const options = { upsert: true, returnDocument: 'after' } as const
    expect(await items.findOneAndUpdate({ _id: 'returned' }, update, options)).toEqual({ _id: 'returned', ...made })
    await items.insertMany([{ _id: 'a' }, { _id: 'b' }])
    await items.updateMany({ _id: { $in: ['a', 'b'] } }, update)
    await items.bulkWrite([
      { updateOne: { filter: { _id: 'in bulk' }, update, upsert: true } },
      { updateMany: { filter: { _id: 'a' }, update } },
    ])
    const ids = ['a', 'b', 'in bulk', 'returned', 'upserted']
    expect(await items.find({}).sort({ _id: 1 }).toArray()).toEqual(ids.map((_id) => ({ _id, ...made })))
  })
})
