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
  'those who read a cursor at the same time share its documents': async ({ items }) => {
    await items.insertMany(Array.from({ length: 700 }, (_, n) => ({ _id: n })))
    const cursor = items.find({}, { sort: '_id' })
    const seen: unknown[] = []
    const read = async () => {
      for (let next = await cursor.next(); next !== null; next = await cursor.next()) seen.push(next._id)
    }
    await Promise.all([read(), read(), read()])
    assertEqual([seen.length, new Set(seen).size], [700, 700], 'the documents')
  },
  'a query is made step by step, until it is read': async ({ items }) => {
    await items.insertMany(Array.from({ length: 9 }, (_, n) => ({ _id: n, even: n % 2 === 0, name: `n${n}` })))
    const cursor = items.find({ even: true }).sort({ _id: -1 }).skip(1).limit(2).project({ name: 1, _id: 0 })
    assertEqual(await cursor.hasNext(), true, 'hasNext')
    assertEqual(await cursor.toArray(), [{ name: 'n6' }, { name: 'n4' }], 'the documents')
    await assertFails(async () => cursor.limit(1), 'LEX_ERR_USE_001', { what: 'a step after reading' })
    const steps = items.find({}, { sort: { _id: 1 }, limit: 1 })
    steps.sort('_id', 'desc')
    assertEqual(await steps.map(({ _id }) => Number(_id)).toArray(), [8], 'steps in place of options')
  },
  'what is wrong with a step is thrown where documents are asked for, and stays wrong': async ({ items }) => {
    const wrong = items.find({ $nope: 1 }).limit(1)
    await assertFails(wrong.next(), 'LEX_ERR_NOSQL_007', { what: 'a filter' })
    await assertFails(items.find().limit(-1).sort('_id').toArray(), 'LEX_ERR_NOSQL_007', { what: 'a limit' })
  },
  'each document is visited, until the visitor returns false': async ({ items }) => {
    await items.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
    const seen: unknown[] = []
    await items.find({}, { sort: '_id' }).forEach(({ _id }) => seen.push(_id) < 2)
    assertEqual(seen, [1, 2], 'the visited')
  },
  'a find asks for its filter as it was at the call': async ({ items }) => {
    await items.insertMany([{ _id: 1 }, { _id: 2 }])
    const filter = { _id: 1 }
    const cursor = items.find(filter)
    filter._id = 2
    assertEqual(await cursor.limit(5).toArray(), [{ _id: 1 }], 'the documents')
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
