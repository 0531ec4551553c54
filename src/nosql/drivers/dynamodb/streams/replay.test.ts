import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import type { Fault } from '../../../../../tools/dynamodb-server/serve.ts'
import { openWatched } from '../../../../../test/support/watched-dynamo.ts'
import type { Collection } from '../../../collection/collection.ts'
import type { ChangeStream } from '../../../collection/change-stream.ts'

vi.setConfig({ testTimeout: 60_000 })

const runs = Number(process.env['LEXIGRAM_SCENES'] ?? 5)
const seed = Number(process.env['LEXIGRAM_SEED'] ?? Date.now() % 2 ** 31)

const step = fc.record({
  kind: fc.constantFrom(
    ...(['insertMany', 'updateOne', 'updateMany', 'replaceOne', 'deleteOne', 'bulkWrite', 'transaction'] as const),
    ...(['elsewhere', 'split', 'roll', 'expire', 'empty', 'resume'] as const),
  ),
  id: fc.nat({ max: 5 }),
  n: fc.nat({ max: 3 }),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
type Opened = Awaited<ReturnType<typeof openWatched>>

async function write({ store }: Opened, items: Collection, { kind, id, n }: Step): Promise<unknown> {
  switch (kind) {
    case 'insertMany':
      return items.insertMany([{ _id: id, n }, { _id: id + 10 }], { ordered: false }).catch(() => undefined)
    case 'updateOne':
      return items.updateOne({ _id: id }, { $set: { n } }, { upsert: n === 3 })
    case 'updateMany':
      return items.updateMany({}, { $inc: { n: 1 }, $set: { by: id } })
    case 'replaceOne':
      return items.replaceOne({ _id: id }, { replaced: n }, { upsert: true })
    case 'deleteOne':
      return items.deleteOne({ _id: id })
    case 'bulkWrite':
      return items.bulkWrite([
        { updateOne: { filter: { _id: id }, update: { $set: { bulk: n } }, upsert: true } },
        { deleteOne: { filter: { _id: id + 10 } } },
      ])
    case 'transaction':
      return store.transaction(async (tx) => {
        await tx.collection(items.name).replaceOne({ _id: id }, { tx: n }, { upsert: true })
        await tx.collection(items.name).deleteOne({ _id: n })
      })
    case 'elsewhere':
      return store.collection(`${items.name}-other`).replaceOne({ _id: id }, { n }, { upsert: true })
    default:
      return undefined
  }
}

function disturb({ server, table }: Opened, { kind, n }: Step): void {
  if (kind === 'split') server.streams.split(table)
  if (kind === 'roll') server.streams.split(table, 1)
  if (kind === 'expire') server.streams.expireIterators()
  if (kind === 'empty') server.streams.emptyAnswers = n
}

/** Makes of a copy, by the `_id`, what the changes make of the collection, until the stream ends. */
async function replay(stream: ChangeStream, copy: Map<unknown, unknown>): Promise<void> {
  for await (const { documentKey, operationType, fullDocument } of stream) {
    // A change that comes twice, or too early, shows itself here.
    expect([operationType, copy.has(documentKey._id)]).toEqual([operationType, operationType !== 'insert'])
    if (operationType === 'delete') copy.delete(documentKey._id)
    else copy.set(documentKey._id, fullDocument)
  }
}

it(`what a stream tells makes a copy of the collection (LEXIGRAM_SEED=${seed})`, async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, isIndexed) => {
    let fault: () => Fault | undefined = () => undefined
    const opened = await openWatched({
      fault: (operation) => (/Shard|Records|Stream/.test(operation) ? fault() : undefined),
    })
    const items: Collection = opened.store.collection('items')
    if (isIndexed) await items.createIndex('n')
    const copy = new Map<unknown, unknown>()
    let stream = await items.watch({ fullDocument: 'updateLookup' })
    let reading = replay(stream, copy)
    let requests = 0
    fault = () => (++requests % 7 === 0 ? 'throttle' : requests % 11 === 0 ? 'reset' : undefined)
    for (const each of steps) {
      await write(opened, items, each)
      disturb(opened, each)
      if (each.kind !== 'resume') continue
      await stream.close()
      await reading
      stream = await items.watch({ fullDocument: 'updateLookup', resumeAfter: stream.resumeToken! })
      reading = replay(stream, copy)
    }
    await items.insertOne({ _id: 'end' })
    const isEqual = async () => {
      const found = await items.find({}).toArray()
      return found.every((document) => isSame(document, copy.get(document['_id']))) && found.length === copy.size
    }
    const equal = vi.waitFor(async () => expect(await isEqual()).toBe(true), { timeout: 20_000, interval: 30 })
    await Promise.race([equal, reading])
    await equal
    await stream.close()
    await reading
  })
  await fc.assert(property, { numRuns: runs, seed, endOnFailure: true })
})

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
