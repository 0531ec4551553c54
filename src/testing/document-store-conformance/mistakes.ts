import type { Collection } from '../../nosql/collection/collection.ts'
import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

const filterCode = 'LEX_ERR_NOSQL_007'

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

/** Where a value can stand in what is evaluated. */
const places: Readonly<Record<string, (items: Collection, value: unknown) => Promise<unknown>>> = {
  $match: (items, value) => items.aggregate([{ $match: { a: untyped(value) } }]).toArray(),
  $set: (items, value) => items.aggregate([{ $set: { b: value } }]).toArray(),
  $literal: (items, value) => items.aggregate([{ $set: { b: { $literal: value } } }]).toArray(),
  $expr: (items, value) => items.find({ $expr: { $eq: ['$a', value] } }).toArray(),
  'a projection': (items, value) => items.find({}, { projection: { b: { $eq: ['$a', value] } } }).toArray(),
  'an update by a pipeline': (items, value) => items.updateOne({}, [{ $set: { b: value } }]),
}

export const mistakeCases = topic('the same mistake, the same error', {
  'a taken key names the collection and its fields to the program only': async ({ items, store }) => {
    const hasUnique = store.capabilities.index.unique !== 'none'
    if (hasUnique) await items.createIndex('email', { unique: true })
    await items.insertOne({ _id: 1, email: 'a' })
    for (const [document, index, field] of [
      [{ _id: 1, email: 'b' }, '_id_', '_id'],
      [{ _id: 2, email: 'a' }, 'email_1', 'email'],
    ] as const) {
      if (index !== '_id_' && !hasUnique) continue
      const error = await assertFails(items.insertOne(document), 'LEX_ERR_DB_005', { what: index })
      const { name } = items
      assertEqual(error.message, `a document cannot be stored: another in '${name}' has this ${field}`, 'the message')
      assertEqual(error.publicMessage, 'a document cannot be stored: another has this key', 'the public message')
      assertEqual(untyped(error.details), { collection: name, index, fields: [field] }, 'the details')
    }
  },
  'a replacement with another _id says which field cannot change': async ({ items }) => {
    await items.insertOne({ _id: 1 })
    const replaced = items.replaceOne({ _id: 1 }, { _id: 2 })
    const error = await assertFails(replaced, 'LEX_ERR_NOSQL_005', { what: 'replaceOne', reason: 'ImmutableField' })
    assertEqual(error.message, 'the _id of a document cannot change', 'the message')
    assertEqual(error.details?.['path'], '_id', 'the path')
  },
  'what is not a value is refused wherever expressions are evaluated': async ({ items, store }) => {
    if (store.capabilities.evaluates === 'none') return
    await items.insertOne({ _id: 1, a: 2 })
    for (const [place, work] of Object.entries(places)) {
      for (const [kind, value] of Object.entries(notValues)) {
        const what = `${kind} in ${place}`
        await assertFails(() => work(items, value), filterCode, { what, reason: 'BadValue' })
      }
    }
    assertEqual(await items.find({}).toArray(), [{ _id: 1, a: 2 }], 'the documents')
  },
  'a malformed pipeline is refused for the same reason': async ({ items, store }) => {
    if (store.capabilities.evaluates === 'none') return
    const pipelines: readonly (readonly [stage: unknown, reason: string])[] = [
      [7, 'TypeMismatch'],
      [new Map([['$limit', 1]]), 'TypeMismatch'],
      [{}, 'Location40323'],
      [{ $limit: 1, $skip: 1 }, 'Location40323'],
      [{ limit: 1 }, 'Location40324'],
      [{ $nope: 1 }, 'Location40324'],
    ]
    for (const [stage, reason] of pipelines) {
      const what = `the stage ${JSON.stringify(stage)}`
      await assertFails(() => items.aggregate([untyped(stage)]).toArray(), filterCode, { what, reason })
    }
    const matching = () => items.updateOne({}, [{ $match: {} }])
    await assertFails(matching, filterCode, { what: '$match in an update', reason: 'InvalidOptions' })
  },
  'an expression that cannot be evaluated is a mistake of the filter or the update': async ({ items, store }) => {
    if (store.capabilities.evaluates === 'none') return
    await items.insertOne({ _id: 1, a: 'text' })
    const sized = { $size: '$a' }
    const works: Readonly<Record<string, () => Promise<unknown>>> = {
      find: () => items.find({ $expr: sized }).toArray(),
      updateOne: () => items.updateOne({ $expr: sized }, { $set: { b: 1 } }),
      deleteMany: () => items.deleteMany({ $expr: sized }),
      'an update by a pipeline': () => items.updateOne({}, [{ $set: { b: sized } }]),
      aggregate: () => items.aggregate([{ $set: { b: sized } }]).toArray(),
    }
    for (const [what, work] of Object.entries(works)) {
      await assertFails(work, filterCode, { what, reason: 'Location17124' })
    }
  },
})
