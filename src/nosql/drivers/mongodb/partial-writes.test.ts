import { afterEach, describe, expect, it } from 'vitest'
import { CommandError } from '../../../../tools/mongodb-server/command-error.ts'
import type { Failure } from '../../../../tools/mongodb-server/fail-point.ts'
import { serveMongo, type MongoServer, type MongoServerOptions } from '../../../../tools/mongodb-server/serve.ts'
import { toSecret } from '../../../core/setting/secret.ts'
import { createDocumentStore, type DocumentStore } from '../../store/document-store.ts'
import { mongodb } from './mongodb-driver.ts'

let server: MongoServer
let store: DocumentStore
const items = () => store.collection<{ _id: string; n?: number }>('items')

/** How often each command came after the first document was there. */
let counts = new Map<string, number>()
let failureOf: (name: string, count: number) => Failure | undefined = () => undefined

async function serve(hello: MongoServerOptions['hello'] = {}): Promise<void> {
  failureOf = () => undefined
  server = await serveMongo({
    hello,
    failureOf: (command) => {
      const [name = ''] = Object.keys(command)
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      return failureOf(name, count)
    },
  })
  const uri = toSecret(`${server.uri}&serverSelectionTimeoutMS=800&retryWrites=false`)
  store = createDocumentStore(mongodb(), { database: 'partial', config: { uri }, scans: 'allow' })
  await items().insertOne({ _id: 'first', n: 1 })
  counts = new Map()
}
afterEach(async () => {
  await store.disconnect()
  await expect.poll(() => server.open().sockets).toBe(0)
  await server.close()
})

const refusal = (code: number): Failure => ({
  error: new CommandError(`Location${code}`, 'refused', {
    ...(code === 10107 && { errorLabels: ['RetryableWriteError', 'NoWritesPerformed'] }),
  }),
})
const lost: Failure = { close: 'after' }
const unacknowledged = (code: number): Failure => ({ writeConcernError: { code, codeName: 'Some', errmsg: 'text' } })
const documents = (...ids: readonly string[]) => ids.map((_id) => ({ _id }))
const mixed = [
  { insertOne: { document: { _id: 'a' } } },
  { updateOne: { filter: { _id: 'first' }, update: { $inc: { n: 1 } } } },
  { deleteOne: { filter: { _id: 'nobody' } } },
]

const away = { code: 'LEX_ERR_NOSQL_002' }
const invalid = { code: 'LEX_ERR_NOSQL_005' }
const unknown = { code: 'LEX_ERR_NOSQL_014' }
const old = { maxWireVersion: 21 }
/** Splits what is sent after two statements, which the vendor counts in two ways. */
const short = { maxWriteBatchSize: 2 }
const pairs = { maxWriteBatchSize: 3 }

describe.each([64, 79, 10107])('a write that is done and not acknowledged by enough members, with %i', (code) => {
  it.each<readonly [string, string, () => Promise<unknown>]>([
    ['insertOne', 'insert', () => items().insertOne({ _id: 'a' })],
    ['updateOne', 'update', () => items().updateOne({ _id: 'first' }, { $inc: { n: 1 } })],
    ['deleteMany', 'delete', () => items().deleteMany({ n: 1 })],
    ['findOneAndUpdate', 'findAndModify', () => items().findOneAndUpdate({ _id: 'first' }, { $inc: { n: 1 } })],
  ])('%s has an unknown outcome', async (_name, command, work) => {
    await serve()
    failureOf = (name) => (name === command ? unacknowledged(code) : undefined)
    await expect(work()).rejects.toMatchObject({ ...unknown, cause: { code } })
  })

  it.each<readonly [string, string, () => Promise<unknown>]>([
    ['insertMany', 'insert', () => items().insertMany(documents('a', 'b', 'c'))],
    ['bulkWrite of several kinds', 'bulkWrite', () => items().bulkWrite(mixed)],
    ['bulkWrite of one kind', 'insert', () => items().bulkWrite(documents('a', 'b', 'c').map(toInsert))],
  ])('%s has an unknown outcome for each', async (_name, command, work) => {
    await serve()
    failureOf = (name) => (name === command ? unacknowledged(code) : undefined)
    const errors = [0, 1, 2].map((index) => ({ index, error: unknown }))
    await expect(work()).rejects.toMatchObject({ outcome: 'unknown', errors })
  })
})

const toInsert = (document: { readonly _id: string }) => ({ insertOne: { document } })

it('a write that is refused beside others without enough acknowledgements is known as refused', async () => {
  await serve()
  failureOf = (name) => (name === 'insert' ? unacknowledged(64) : undefined)
  const insertion = items().insertMany(documents('a', 'first', 'b'), { ordered: false })
  const duplicate = { code: 'LEX_ERR_DB_005' }
  await expect(insertion).rejects.toMatchObject({
    errors: [
      { index: 0, error: unknown },
      { index: 1, error: duplicate },
      { index: 2, error: unknown },
    ],
  })
})

describe('an insertMany that takes several commands', () => {
  it.each([
    [10107, away],
    [13, away],
    [2, invalid],
  ])('says what the first inserted when the second is refused with %i', async (code, error) => {
    for (const [ordered, failed] of [
      [true, [2]],
      [false, [2, 3, 4]],
    ] as const) {
      await serve(pairs)
      failureOf = (name, count) => (name === 'insert' && count > 1 ? refusal(code) : undefined)
      await expect(items().insertMany(documents('a', 'b', 'c', 'd', 'e'), { ordered })).rejects.toMatchObject({
        result: { insertedCount: 2, insertedIds: { 0: 'a', 1: 'b' } },
        outcome: 'known',
        errors: failed.map((index) => ({ index, error })),
      })
      await store.disconnect()
    }
  })

  it.each([true, false])('says what the first inserted when the second is lost, with ordered %s', async (ordered) => {
    await serve(pairs)
    failureOf = (name, count) => (name === 'insert' && count > 1 ? lost : undefined)
    await expect(items().insertMany(documents('a', 'b', 'c', 'd'), { ordered })).rejects.toMatchObject({
      result: { insertedCount: 2 },
      errors: [
        { index: 2, error: unknown },
        { index: 3, error: unknown },
      ],
    })
  })

  it('tells refused documents of the first from those of the second that was not answered', async () => {
    await serve(pairs)
    failureOf = (name, count) => (name === 'insert' && count > 1 ? lost : undefined)
    await expect(items().insertMany(documents('a', 'first', 'c'), { ordered: false })).rejects.toMatchObject({
      result: { insertedCount: 1, insertedIds: { 0: 'a' } },
      errors: [
        { index: 1, error: { code: 'LEX_ERR_DB_005' } },
        { index: 2, error: unknown },
      ],
    })
  })
})

describe.each([
  ['before MongoDB 8.0', old, 'update', 1],
  ['beyond the length of a message', short, 'bulkWrite', 2],
] as const)('a bulk write of several commands, %s', (_name, hello, command, from) => {
  const failing = (failure: Failure) => (name: string, count: number) =>
    name === command && count >= from ? failure : undefined
  const isOld = hello === old

  it.each([
    [10107, away],
    [2, invalid],
  ])('says what the first did when the second is refused with %i', async (code, error) => {
    await serve(hello)
    failureOf = failing(refusal(code))
    await expect(items().bulkWrite(mixed)).rejects.toMatchObject({
      result: { insertedCount: 1, insertedIds: { 0: 'a' }, matchedCount: isOld ? 0 : 1 },
      outcome: 'known',
      errors: [{ index: isOld ? 1 : 2, error }],
    })
  })

  it('tries nothing after a refusal, unordered', async () => {
    await serve(hello)
    failureOf = failing(refusal(10107))
    await expect(items().bulkWrite(mixed, { ordered: false })).rejects.toMatchObject({
      result: { insertedCount: 1 },
      errors: (isOld ? [1, 2] : [2]).map((index) => ({ index, error: away })),
    })
  })
})

it('a bulk write of several commands before MongoDB 8.0 tells what the first did when the second is lost', async () => {
  await serve(old)
  failureOf = (name) => (name === 'update' ? lost : undefined)
  await expect(items().bulkWrite(mixed)).rejects.toMatchObject({
    result: { insertedCount: 1 },
    errors: [{ index: 1, error: unknown }],
  })
})

it('a bulk write before MongoDB 8.0 keeps the positions of its operations', async () => {
  await serve(old)
  const result = await items().bulkWrite(
    [
      { updateOne: { filter: { _id: 'x' }, update: { $set: { n: 3 } }, upsert: true } },
      { insertOne: { document: { _id: 'a' } } },
      { updateMany: { filter: { n: { $gt: 0 } }, update: { $inc: { n: 1 } } } },
      { insertOne: { document: { _id: 'b' } } },
    ],
    { ordered: false },
  )
  expect(result).toMatchObject({
    upsertedIds: { 0: 'x' },
    insertedIds: { 1: 'a', 3: 'b' },
    matchedCount: 2,
    modifiedCount: 2,
  })
  expect([counts.get('insert'), counts.get('update')]).toEqual([1, 1])
})
