import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

export const cursorCases = topic('cursors', {
  'a cursor is iterated, document by document': async ({ items }) => {
    await items.insertMany(Array.from({ length: 700 }, (_, n) => ({ _id: n })))
    let sum = 0
    for await (const { _id } of items.find({})) sum += Number(_id)
    assertEqual(sum, (699 * 700) / 2, 'the sum')
  },
  'a loop may be left early, and the cursor is closed then': async ({ items }) => {
    await items.insertMany([{ _id: 1 }, { _id: 2 }])
    const cursor = items.find({}, { sort: '_id' })
    for await (const _ of cursor) break
    assertEqual(await cursor.toArray(), [], 'what is left')
  },
  'next, toArray and close work together': async ({ items }) => {
    await items.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
    await using cursor = items.find({}, { sort: '_id' })
    assertEqual(await cursor.next(), { _id: 1 }, 'next')
    assertEqual(await cursor.toArray(), [{ _id: 2 }, { _id: 3 }], 'the rest')
    assertEqual(await cursor.next(), null, 'the end')
    await cursor.close()
    await cursor.close()
  },
  'a cursor may write to what it reads, and ends': async ({ items }) => {
    await items.insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: n })))
    let seen = 0
    for await (const { _id } of items.find({})) {
      seen++
      if (seen > 2000) throw new Error('The cursor does not end')
      await items.insertOne({ copyOf: _id })
      await items.deleteOne({ _id })
    }
    assertEqual(await items.countDocuments({ copyOf: { $exists: true } }), seen, 'the copies')
  },
  'what is wrong with a query is thrown where its cursor is awaited': async ({ items }) => {
    const cursor = items.find({ $nope: 1 })
    await assertFails(cursor.next(), 'LEX_ERR_NOSQL_007', { what: 'next' })
  },
  'a signal ends a cursor': async ({ items }) => {
    await items.insertMany(Array.from({ length: 600 }, (_, n) => ({ _id: n })))
    const controller = new AbortController()
    const reason = new Error('enough')
    controller.abort(reason)
    const thrown: unknown = await items
      .find({}, { signal: controller.signal })
      .toArray()
      .catch((error: unknown) => error)
    assertEqual(thrown === reason, true, 'the reason of the signal')
  },
})
