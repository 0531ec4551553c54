import { BulkWriteError } from '../../nosql/bulk-write-error.ts'
import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic, type CaseContext, type Check } from './conformance-case.ts'

/** A case for drivers with an engine for expressions; others refuse expressions by the case of that capability. */
const evaluating =
  (check: Check): Check =>
  async (context) => {
    if (context.store.capabilities.evaluates !== 'none') await check(context)
  }

const filterError = 'LEX_ERR_NOSQL_007'
const documentError = 'LEX_ERR_NOSQL_005'

/** Expressions of which the first two are wrong for every document, and the last for this one. */
const wrong: Readonly<Record<string, unknown>> = {
  'no operator': { $nope: 1 },
  'a wrong argument': { $size: 3 },
  'a wrong type': { $add: ['$text', 1] },
}

const insertOne = ({ items }: CaseContext) => items.insertOne({ _id: 1, n: 1, text: 'x' })

const bulk = ({ items }: CaseContext, wrongly: unknown, ordered: boolean) =>
  items.bulkWrite(
    [
      { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 1 } } } },
      { updateOne: { filter: { _id: 1 }, update: [{ $set: { z: untyped(wrongly) } }] } },
      { deleteOne: { filter: { _id: 1, $expr: untyped(wrongly) } } },
      { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 10 } } } },
    ],
    { ordered },
  )

export const expressionCases = topic('wrong expressions', {
  'a read refuses a wrong expression as a filter': evaluating(async (context) => {
    await insertOne(context)
    for (const [what, given] of Object.entries(wrong)) {
      await assertFails(() => context.items.findOne({ $expr: given }), filterError, { what })
      await assertFails(() => context.items.aggregate([{ $set: { z: given } }]).toArray(), filterError, { what })
    }
  }),
  'a write refuses a wrong expression of its filter as a filter': evaluating(async (context) => {
    await insertOne(context)
    const { items } = context
    for (const [what, given] of Object.entries(wrong)) {
      const filter = { $expr: given }
      await assertFails(() => items.updateOne(filter, { $set: { a: 1 } }), filterError, { what })
      await assertFails(() => items.updateMany(filter, [{ $set: { a: 1 } }]), filterError, { what })
      await assertFails(() => items.replaceOne(filter, { a: 1 }), filterError, { what })
      await assertFails(() => items.deleteMany(filter), filterError, { what })
      await assertFails(() => items.findOneAndDelete(filter), filterError, { what })
    }
    assertEqual(await items.findOne({}), { _id: 1, n: 1, text: 'x' }, 'the document')
  }),
  'a write refuses a wrong expression of its update as a filter': evaluating(async (context) => {
    await insertOne(context)
    const { items } = context
    for (const [what, given] of Object.entries(wrong)) {
      const update = [{ $set: { z: given } }]
      await assertFails(() => items.updateOne({}, update), filterError, { what })
      await assertFails(() => items.updateMany({}, update), filterError, { what })
      await assertFails(() => items.findOneAndUpdate({}, update), filterError, { what })
    }
    assertEqual(await items.findOne({}), { _id: 1, n: 1, text: 'x' }, 'the document')
  }),
  'what a pipeline may not do to a document is wrong with the document': evaluating(async (context) => {
    await insertOne(context)
    const work = () => context.items.updateOne({}, [{ $set: { _id: 2 } }])
    await assertFails(work, documentError, { what: 'another _id', reason: 'ImmutableField' })
  }),
  'an ordered bulk write stops at an operation with a wrong expression': evaluating(async (context) => {
    for (const [what, given] of Object.entries(wrong)) {
      await insertOne(context)
      const error = await assertFails(bulk(context, given, true), 'LEX_ERR_NOSQL_011', { what })
      assertEqual(failuresOf(error), [[1, filterError]], what)
      assertEqual(await context.items.findOne({}), { _id: 1, n: 2, text: 'x' }, what)
      await context.items.deleteMany({})
    }
  }),
  'an unordered bulk write does the operations without a wrong expression': evaluating(async (context) => {
    for (const [what, given] of Object.entries(wrong)) {
      await insertOne(context)
      const error = await assertFails(bulk(context, given, false), 'LEX_ERR_NOSQL_011', { what })
      assertEqual(
        failuresOf(error),
        [
          [1, filterError],
          [2, filterError],
        ],
        what,
      )
      assertEqual(await context.items.findOne({}), { _id: 1, n: 12, text: 'x' }, what)
      await context.items.deleteMany({})
    }
  }),
  'a literal without a value is refused': evaluating(async ({ items }) => {
    const filter = { $expr: { $literal: undefined } }
    await assertFails(() => items.findOne(filter), filterError, { what: 'a filter' })
    await assertFails(() => items.deleteMany(filter), filterError, { what: 'a deletion' })
  }),
  'an aggregation cannot be a stream of changes': evaluating(async ({ items }) => {
    await assertFails(() => items.aggregate([{ $changeStream: {} }]).toArray(), filterError, { what: '$changeStream' })
  }),
})

function failuresOf(error: unknown): readonly (readonly [number, string])[] {
  if (!(error instanceof BulkWriteError)) throw new Error('the error must be a BulkWriteError')
  return error.errors.map(({ index, error: cause }) => [index, 'code' in cause ? String(cause.code) : 'none'])
}
