import { describe, expect, it } from 'vitest'
import { openRecorded } from '../../../../../test/support/recorded-mongo.ts'
import type { Collection } from '../../../collection/collection.ts'

describe('the flags of a regular expression, as the server sees them', async () => {
  const { items, received } = await openRecorded()

  const text = /a.b/ims
  type Run = (c: Collection) => Promise<unknown>
  it.each<readonly [string, string, Run]>([
    ['find', 'find', (c) => c.find({ t: text }).toArray()],
    ['findOne', 'find', (c) => c.findOne({ t: { $in: [text] } })],
    ['countDocuments', 'aggregate', (c) => c.countDocuments({ t: { $not: text } })],
    ['distinct', 'distinct', (c) => c.distinct('t', { t: { $regex: text } })],
    ['updateMany', 'update', (c) => c.updateMany({ t: text }, { $set: { n: 1 } })],
    ['$pull', 'update', (c) => c.updateOne({ _id: 1 }, { $pull: { tags: text } })],
    [
      'arrayFilters',
      'update',
      (c) => c.updateOne({ _id: 1 }, { $set: { 'tags.$[x]': 1 } }, { arrayFilters: [{ x: text }] }),
    ],
    ['an update by a pipeline', 'update', (c) => c.updateOne({ _id: 1 }, [{ $set: { n: matches(text) } }])],
    ['deleteOne', 'delete', (c) => c.deleteOne({ $or: [{ t: text }] })],
    ['findOneAndUpdate', 'findAndModify', (c) => c.findOneAndUpdate({ t: text }, { $set: { n: 1 } })],
    ['$match', 'aggregate', (c) => c.aggregate([{ $match: { t: text } }]).toArray()],
    ['an expression', 'aggregate', (c) => c.aggregate([{ $project: { n: matches(text) } }]).toArray()],
    ['the option mongodb', 'find', (c) => c.find({}, { mongodb: { filter: { t: text } } }).toArray()],
    [
      'a bulk write',
      'bulkWrite',
      (c) => c.bulkWrite([{ deleteOne: { filter: { t: text } } }, { insertOne: { document: { n: 1 } } }]),
    ],
  ])('%s', async (_name, command, run) => {
    await run(items)
    const sent = received.find((each) => command in each)
    expect(flagsIn(sent)).toEqual(['ims'])
  })
})

const matches = (regex: RegExp) => ({ $regexMatch: { input: 'x', regex } })

function flagsIn(part: unknown): readonly string[] {
  if (part instanceof RegExp) return [part.flags]
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(flagsIn) : []
}
