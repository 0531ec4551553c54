import { BulkWriteError } from '../../nosql/bulk-write-error.ts'
import type { Collection } from '../../nosql/collection/collection.ts'
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

const refusalOf = (what: string) => ({ what, ...(what === 'a wrong argument' && { reason: 'Location17124' }) })

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

/** What no database has as a value, and what one may take it for. */
const notValues: Readonly<Record<string, unknown>> = {
  NaN,
  infinity: Infinity,
  'a bigint of 65 bits': 2n ** 63n,
  'an invalid date': new Date(NaN),
  'a Map of an operator': new Map([['$gt', 0]]),
  'a Set': new Set([1]),
  'an object that converts itself': new (class {
    toBSON() {
      return { $ne: 0 }
    }
  })(),
  'a promise': Promise.resolve(1),
  'half a character': '\ud800',
  'a name with a null character': { 'a\0b': 1 },
  undefined,
}

/** The places of a value in what is evaluated. */
const places: Readonly<Record<string, (items: Collection, value: unknown) => Promise<unknown>>> = {
  $match: (items, value) => items.aggregate([{ $match: { a: untyped(value) } }]).toArray(),
  $set: (items, value) => items.aggregate([{ $set: { b: value } }]).toArray(),
  $literal: (items, value) => items.aggregate([{ $set: { b: { $literal: value } } }]).toArray(),
  $expr: (items, value) => items.find({ $expr: { $eq: ['$a', value] } }).toArray(),
  'a projection': (items, value) => items.find({}, { projection: { b: { $eq: ['$a', value] } } }).toArray(),
  'a deletion': (items, value) => items.deleteMany({ $expr: { $literal: value } }),
  'an update by a pipeline': (items, value) => items.updateOne({}, [{ $set: { b: value } }]),
}

export const expressionCases = topic('wrong expressions', {
  'a read refuses a wrong expression as a filter': evaluating(async (context) => {
    await insertOne(context)
    for (const [what, given] of Object.entries(wrong)) {
      await assertFails(() => context.items.findOne({ $expr: given }), filterError, refusalOf(what))
      await assertFails(() => context.items.aggregate([{ $set: { z: given } }]).toArray(), filterError, refusalOf(what))
    }
  }),
  'a write refuses a wrong expression of its filter as a filter': evaluating(async (context) => {
    await insertOne(context)
    const { items } = context
    for (const [what, given] of Object.entries(wrong)) {
      const filter = { $expr: given }
      await assertFails(() => items.updateOne(filter, { $set: { a: 1 } }), filterError, refusalOf(what))
      await assertFails(() => items.updateMany(filter, [{ $set: { a: 1 } }]), filterError, refusalOf(what))
      await assertFails(() => items.replaceOne(filter, { a: 1 }), filterError, refusalOf(what))
      await assertFails(() => items.deleteMany(filter), filterError, refusalOf(what))
      await assertFails(() => items.findOneAndDelete(filter), filterError, refusalOf(what))
    }
    assertEqual(await items.findOne({}), { _id: 1, n: 1, text: 'x' }, 'the document')
  }),
  'a write refuses a wrong expression of its update as a filter': evaluating(async (context) => {
    await insertOne(context)
    const { items } = context
    for (const [what, given] of Object.entries(wrong)) {
      const update = [{ $set: { z: given } }]
      await assertFails(() => items.updateOne({}, update), filterError, refusalOf(what))
      await assertFails(() => items.updateMany({}, update), filterError, refusalOf(what))
      await assertFails(() => items.findOneAndUpdate({}, update), filterError, refusalOf(what))
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
  'what is not a value is refused wherever expressions are evaluated': evaluating(async ({ items }) => {
    await items.insertOne({ _id: 1, a: 2 })
    for (const [place, work] of Object.entries(places)) {
      for (const [kind, value] of Object.entries(notValues)) {
        const what = `${kind} in ${place}`
        await assertFails(() => work(items, value), filterError, { what, reason: 'BadValue' })
      }
    }
    assertEqual(await items.find({}).toArray(), [{ _id: 1, a: 2 }], 'the documents')
  }),
  'a malformed pipeline is refused for the same reason': evaluating(async ({ items }) => {
    const pipelines: readonly (readonly [stage: unknown, reason: string])[] = [
      [7, 'TypeMismatch'],
      [new Map([['$limit', 1]]), 'TypeMismatch'],
      [{}, 'Location40323'],
      [{ $limit: 1, $skip: 1 }, 'Location40323'],
      [{ limit: 1 }, 'Location40324'],
      [{ $nope: 1 }, 'Location40324'],
      [{ $changeStream: {} }, 'Location40324'],
    ]
    for (const [stage, reason] of pipelines) {
      const what = `the stage ${JSON.stringify(stage)}`
      await assertFails(() => items.aggregate([untyped(stage)]).toArray(), filterError, { what, reason })
    }
    const matching = () => items.updateOne({}, [{ $match: {} }])
    await assertFails(matching, filterError, { what: '$match in an update', reason: 'InvalidOptions' })
  }),
})

function failuresOf(error: unknown): readonly (readonly [number, string])[] {
  if (!(error instanceof BulkWriteError)) throw new Error('the error must be a BulkWriteError')
  return error.errors.map(({ index, error: cause }) => [index, 'code' in cause ? String(cause.code) : 'none'])
}
