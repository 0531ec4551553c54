import type { ChangeEvent, ChangeStream } from '../../nosql/collection/change-stream.ts'
import type { DocumentTransaction } from '../../nosql/store/document-store.ts'
import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic, type CaseContext, type Check } from './conformance-case.ts'

/** A case for drivers that have changes; others refuse to watch. */
const watching =
  (check: Check): Check =>
  async (context) => {
    if (context.store.capabilities.changes) return check(context)
    await assertFails(() => context.items.watch(), 'LEX_ERR_NOSQL_009', { what: 'watch' })
  }

async function take(stream: ChangeStream, count: number): Promise<readonly ChangeEvent[]> {
  const events: ChangeEvent[] = []
  while (events.length < count) {
    const event = await within(stream.next())
    if (event === null) break
    events.push(event)
  }
  return events
}

/** A change that never comes is a failure, and not a wait. */
async function within<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no change came within 15 seconds')), 15_000)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

const shortOf = ({ operationType, documentKey, fullDocument }: ChangeEvent) => [
  operationType,
  documentKey._id,
  fullDocument,
]

export const changeCases = topic('changes', {
  'inserts, updates, replacements and deletions are reported in their order': watching(async ({ items }) => {
    await items.insertOne({ _id: 'before' })
    await using stream = await items.watch()
    await items.insertOne({ _id: 1, n: 1 })
    await items.updateOne({ _id: 1 }, { $set: { n: 2 } })
    await items.replaceOne({ _id: 1 }, { m: 3 })
    await items.deleteOne({ _id: 1 })
    const events = await take(stream, 4)
    assertEqual(
      events.map(shortOf),
      [
        ['insert', 1, { _id: 1, n: 1 }],
        ['update', 1, undefined],
        ['replace', 1, { _id: 1, m: 3 }],
        ['delete', 1, undefined],
      ],
      'the events',
    )
    assertEqual(
      events.every(({ wallTime, ns }) => wallTime instanceof Date && ns.coll === items.name),
      true,
      'time and place',
    )
  }),
  'many at once are reported one by one, also those of a bulk write': watching(async ({ items }) => {
    await using stream = await items.watch()
    await items.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
    await items.updateMany({ _id: { $lt: 3 } }, { $set: { n: 1 } })
    await items.bulkWrite([{ deleteOne: { filter: { _id: 3 } } }, { insertOne: { document: { _id: 4 } } }])
    const events = await take(stream, 7)
    const told = events.map(({ operationType, documentKey }) => `${operationType} ${String(documentKey._id)}`)
    assertEqual(
      // A driver may write the documents of one update side by side.
      [...told.slice(0, 3), ...told.slice(3, 5).sort(), ...told.slice(5)],
      ['insert 1', 'insert 2', 'insert 3', 'update 1', 'update 2', 'delete 3', 'insert 4'],
      'the events',
    )
  }),
  'what changes nothing, or is refused, is not told': watching(async ({ items }) => {
    await items.insertOne({ _id: 1, n: 1 })
    await using stream = await items.watch()
    await items.updateOne({ _id: 1 }, { $set: { n: 1 } })
    await items.deleteOne({ _id: 'nobody' })
    await assertFails(items.insertOne({ _id: 1 }), 'LEX_ERR_DB_005', { what: 'a duplicate' })
    await items.insertOne({ _id: 2 })
    assertEqual((await take(stream, 1)).map(shortOf), [['insert', 2, { _id: 2 }]], 'the events')
  }),
  'an update comes with its document where that is asked for': watching(async ({ items }) => {
    await items.insertMany([{ _id: 1 }, { _id: 2 }])
    await using stream = await items.watch({ fullDocument: 'updateLookup' })
    await items.updateOne({ _id: 1 }, { $set: { n: 1 } })
    assertEqual((await take(stream, 1)).map(shortOf), [['update', 1, { _id: 1, n: 1 }]], 'the event')
  }),
  'a stream goes on behind an event': watching(async ({ items }) => {
    await using first = await items.watch()
    await items.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
    const [event] = await take(first, 1)
    const token = JSON.parse(JSON.stringify(event?._id)) as { _data: string } // a resume token is JSON of this form
    assertEqual(first.resumeToken, token, 'the token of the stream')
    await first.close()
    await items.insertOne({ _id: 4 })
    await using second = await items.watch({ resumeAfter: token })
    const events = await take(second, 3)
    assertEqual(
      events.map(({ documentKey }) => documentKey._id),
      [2, 3, 4],
      'what is behind the event',
    )
  }),
  'a transaction is reported once it is committed, and not at all when it is rolled back': watching(
    async ({ items, store }) => {
      if (store.capabilities.transaction.kind === 'none') return
      await using stream = await items.watch()
      const work = (tx: DocumentTransaction, id: string) => tx.collection(items.name).insertOne({ _id: id })
      const rolledBack = store.transaction(async (tx) => {
        await work(tx, 'no')
        throw new Error('rolled back')
      })
      await rolledBack.catch(() => undefined)
      await store.transaction((tx) => work(tx, 'yes'))
      assertEqual((await take(stream, 1)).map(shortOf), [['insert', 'yes', { _id: 'yes' }]], 'the events')
      await assertFails(
        store.transaction((tx) => tx.collection(items.name).watch()),
        'LEX_ERR_NOSQL_009',
        { what: 'watching within one' },
      )
    },
  ),
  'other collections are not told': watching(async ({ items, store, fresh }) => {
    await using stream = await items.watch()
    await store.collection(fresh()).insertOne({ _id: 'elsewhere' })
    await items.insertOne({ _id: 'here' })
    assertEqual((await take(stream, 1)).map(shortOf), [['insert', 'here', { _id: 'here' }]], 'the events')
  }),
  'a stream ends when it is closed, also while it waits': watching(async ({ items }) => {
    const stream = await items.watch()
    const waiting = stream.next()
    await stream.close()
    assertEqual([await within(waiting), await stream.next(), stream.closed], [null, null, true], 'the end')
    await stream.close()
  }),
  'a stream ends with its signal, and with its store': watching(async ({ items, open }) => {
    const stop = new AbortController()
    const signalled = await items.watch({ signal: stop.signal })
    const reason = new Error('enough')
    const waiting = signalled.next().catch((error: unknown) => error)
    stop.abort(reason)
    assertEqual((await within(waiting)) === reason, true, 'the reason')
    const other = await open({})
    const stream = await other.collection(items.name).watch()
    const next = stream.next()
    await other.disconnect()
    assertEqual(await within(next), null, 'the end of the store')
  }),
  'a stream ends when its collection is dropped': watching(async ({ items }: CaseContext) => {
    await items.insertOne({ _id: 1 })
    const stream = await items.watch()
    await items.insertOne({ _id: 2 })
    await items.drop()
    assertEqual((await take(stream, 5)).map(shortOf), [['insert', 2, { _id: 2 }]], 'the events')
    assertEqual(stream.closed, true, 'the end')
  }),
  'a token that is none is refused': watching(async ({ items }) => {
    await assertFails(() => items.watch({ resumeAfter: { _data: 'nonsense' } }), 'LEX_ERR_NOSQL_007', {
      what: 'a token',
    })
    await assertFails(() => items.watch({ resumeAfter: untyped('x') }), 'LEX_ERR_USE_001', { what: 'its shape' })
    await assertFails(() => items.watch(untyped({ filter: {} })), 'LEX_ERR_USE_001', { what: 'an option' })
  }),
})
