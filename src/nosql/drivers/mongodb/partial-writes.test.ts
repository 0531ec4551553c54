import { afterEach, describe, expect, it } from 'vitest'
import { lostAnswer, refusal, startFailingMongo, type FailingMongo } from '../../../../test/support/failing-mongo.ts'
import type { Failure } from '../../../../tools/mongodb-server/fail-point.ts'
import type { Reply } from '../../../../tools/mongodb-server/wire.ts'

let mongo: FailingMongo
const serve = async (hello: Reply = {}): Promise<void> => {
  mongo = await startFailingMongo(hello)
}
const items = () => mongo.store.collection<{ _id: string; n?: number; text?: string }>('items')
afterEach(() => mongo.close())

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
    mongo.failWhen((name) => (name === command ? unacknowledged(code) : undefined))
    await expect(work()).rejects.toMatchObject({ ...unknown, cause: { code } })
  })

  it.each<readonly [string, string, () => Promise<unknown>]>([
    ['insertMany', 'insert', () => items().insertMany(documents('a', 'b', 'c'))],
    ['bulkWrite of several kinds', 'bulkWrite', () => items().bulkWrite(mixed)],
    ['bulkWrite of one kind', 'insert', () => items().bulkWrite(documents('a', 'b', 'c').map(toInsert))],
  ])('%s has an unknown outcome for each', async (_name, command, work) => {
    await serve()
    mongo.failWhen((name) => (name === command ? unacknowledged(code) : undefined))
    const errors = [0, 1, 2].map((index) => ({ index, error: unknown }))
    await expect(work()).rejects.toMatchObject({ outcome: 'unknown', errors })
  })
})

const toInsert = (document: { readonly _id: string; readonly text?: string }) => ({ insertOne: { document } })

it('a write that is refused beside others without enough acknowledgements is known as refused', async () => {
  await serve()
  mongo.failWhen((name) => (name === 'insert' ? unacknowledged(64) : undefined))
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
    [10107, true, [2], away],
    [10107, false, [2, 3, 4], away],
    [13, true, [2], away],
    [2, true, [2], invalid],
    [2, false, [2, 3, 4], invalid],
  ])(
    'says what the first inserted when the second is refused with %i, ordered %s',
    async (code, ordered, failed, error) => {
      await serve(pairs)
      mongo.failWhen((name, count) => (name === 'insert' && count > 1 ? refusal(code) : undefined))
      await expect(items().insertMany(documents('a', 'b', 'c', 'd', 'e'), { ordered })).rejects.toMatchObject({
        result: { insertedCount: 2, insertedIds: { 0: 'a', 1: 'b' } },
        outcome: 'known',
        errors: failed.map((index) => ({ index, error })),
      })
    },
  )

  it.each([true, false])('says what the first inserted when the second is lost, with ordered %s', async (ordered) => {
    await serve(pairs)
    mongo.failWhen((name, count) => (name === 'insert' && count > 1 ? lostAnswer : undefined))
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
    mongo.failWhen((name, count) => (name === 'insert' && count > 1 ? lostAnswer : undefined))
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
    [121, invalid],
  ])('says what the first did when the second is refused with %i', async (code, error) => {
    await serve(hello)
    mongo.failWhen(failing(refusal(code)))
    await expect(items().bulkWrite(mixed)).rejects.toMatchObject({
      result: { insertedCount: 1, insertedIds: { 0: 'a' }, matchedCount: isOld ? 0 : 1 },
      outcome: 'known',
      errors: [{ index: isOld ? 1 : 2, error }],
    })
  })

  it('tries nothing after a refusal, unordered', async () => {
    await serve(hello)
    mongo.failWhen(failing(refusal(10107)))
    await expect(items().bulkWrite(mixed, { ordered: false })).rejects.toMatchObject({
      result: { insertedCount: 1 },
      errors: (isOld ? [1, 2] : [2]).map((index) => ({ index, error: away })),
    })
  })
})

it('a bulk write of several commands before MongoDB 8.0 tells what the first did when the second is lost', async () => {
  await serve(old)
  mongo.failWhen((name) => (name === 'update' ? lostAnswer : undefined))
  await expect(items().bulkWrite(mixed)).rejects.toMatchObject({
    result: { insertedCount: 1 },
    errors: [{ index: 1, error: unknown }],
  })
})

it('a bulk write of several commands has an unknown outcome when a later one cannot be sent', async () => {
  await serve({ maxBsonObjectSize: 1000, maxMessageSizeBytes: 4000 })
  mongo.failWhen(() => undefined)
  const insertions = ['a', 'b', 'c', 'd', 'e', 'f'].map((_id) => toInsert({ _id, text: 'x'.repeat(700) }))
  const tooLong = { deleteOne: { filter: { text: 'x'.repeat(1100) } } }
  await expect(items().bulkWrite([...insertions, tooLong])).rejects.toMatchObject({ outcome: 'unknown' })
  expect(await items().countDocuments({})).toBeGreaterThan(1)
})

it('a bulk write whose first command cannot be sent is not tried', async () => {
  await serve({ maxBsonObjectSize: 1000 })
  mongo.failWhen(() => undefined)
  const tooLong = { deleteOne: { filter: { text: 'x'.repeat(1100) } } }
  await expect(items().bulkWrite([toInsert({ _id: 'a' }), tooLong])).rejects.toMatchObject({ code: 'LEX_ERR_USE_001' })
  expect(mongo.counts.get('bulkWrite')).toBeUndefined()
})

it('a bulk write before MongoDB 8.0 keeps the positions of its operations', async () => {
  await serve(old)
  mongo.failWhen(() => undefined)
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
  expect([mongo.counts.get('insert'), mongo.counts.get('update')]).toEqual([1, 1])
})
