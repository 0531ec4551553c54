import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'
import type { PlanWarning } from '../../nosql/contract/explanation.ts'

const refused = 'LEX_ERR_NOSQL_005'

function nested(depth: number): object {
  let value: object = { leaf: 1 }
  for (let level = 2; level < depth; level++) value = { deeper: value }
  return value
}

export const limitCases = topic('limits, budgets and plans', {
  'what no backend can hold is refused, and nothing is written': async ({ items, store }) => {
    class Point {
      readonly x = 1
    }
    const documents: Readonly<Record<string, object>> = {
      NaN: { a: Number.NaN },
      infinity: { a: [1, Infinity] },
      'a large bigint': { a: 2n ** 63n },
      'an invalid date': { a: new Date(Number.NaN) },
      'a function': { a: () => 1 },
      'a class': { a: new Point() },
      'an empty name': { '': 1 },
      'a prototype': untyped(JSON.parse('{"__proto__": {"admin": true}}')),
      'a reserved name': { _rev: 1 },
      'half a character': { a: ['\ud800'] },
      'a name with half a character': { a: { '\udc00': 1 } },
      depth: nested(34),
      'an _id that is a list': { _id: [1] },
    }
    for (const [what, document] of Object.entries(documents)) {
      await assertFails(() => items.insertOne(untyped(document)), refused, { what })
      await assertFails(() => items.replaceOne({ _id: 1 }, untyped(document), { upsert: true }), refused, {
        what: `${what}, replaced`,
      })
    }
    await items.insertOne(untyped(nested(store.capabilities.limits.depth)))
    assertEqual(await items.countDocuments(), 1, 'the documents')
  },
  "a value of a vendor's class is refused where no capability names the vendor": async ({ items, store }) => {
    if (store.capabilities.vendorValues !== undefined) return
    class Decimal128 {
      readonly bytes = new Uint8Array(16)
      get _bsontype(): string {
        return 'Decimal128'
      }
    }
    await items.insertOne({ _id: 1 })
    const value = new Decimal128()
    const set = untyped({ $set: { a: value } })
    await assertFails(() => items.insertOne(untyped({ a: value })), refused, { what: 'an insertion' })
    await assertFails(() => items.insertOne(untyped({ _id: value })), refused, { what: 'an _id' })
    await assertFails(() => items.updateOne({ _id: 1 }, set), refused, { what: 'an update' })
    for (const a of [value, { $in: [value] }, { $elemMatch: { $gt: value } }]) {
      await assertFails(() => items.findOne(untyped({ a })), 'LEX_ERR_NOSQL_007', { what: 'a filter' })
    }
    assertEqual(await items.find({}).toArray(), [{ _id: 1 }], 'the documents')
  },
  'a plain object that names a class of a vendor is refused': async ({ items }) => {
    for (const name of ['Decimal128', 'Long', 'ObjectId']) {
      const value: unknown = JSON.parse(`{"_bsontype":"${name}","value":1}`)
      await assertFails(() => items.insertOne(untyped({ a: value })), refused, { what: `an insertion of ${name}` })
      await assertFails(() => items.findOne(untyped({ a: value })), 'LEX_ERR_NOSQL_007', {
        what: `a filter by ${name}`,
      })
    }
  },
  'a filter by text that no backend can hold is refused, and by names that it has not finds nothing': async ({
    items,
  }) => {
    await items.insertMany([{ a: '\ufffd' }, { '\ufffd': 1 }])
    for (const filter of [{ a: '\ud800' }, { a: { $in: ['x', '\ud800'] } }, { '\ud800': 1 }, { a: { '\ud800': 1 } }]) {
      await assertFails(() => items.find(filter).toArray(), 'LEX_ERR_NOSQL_007', { what: JSON.stringify(filter) })
    }
    for (const a of [{ __x__: 1 }, { _lexigram: 1 }, { b: { __x__: null } }, [{ __x__: 1 }]]) {
      assertEqual(await items.find({ a }).toArray(), [], JSON.stringify(a))
    }
  },
  'a path that no document can have finds nothing': async ({ items }) => {
    await items.insertOne({ _id: 1, a: 1 })
    for (const path of ['', '.a', 'a.', 'a..b', '__proto__', 'a.__proto__']) {
      // JSON makes another field of each name.
      const by = (condition: string) => JSON.parse(`{${JSON.stringify(path)}: ${condition}}`) as Record<string, unknown>
      const counts: number[] = []
      for (const condition of ['1', '{"$in": [1, 2]}', '{"$gt": 0}', '{"$exists": true}', 'null', '{"$ne": 1}']) {
        counts.push(await items.countDocuments(by(condition)))
      }
      assertEqual(counts, [0, 0, 0, 0, 1, 1], `by the path '${path}'`)
      if (path !== '') assertEqual(await items.distinct(path), [], `the values at '${path}'`)
    }
  },
  'a path with a null character is refused, wherever it stands': async ({ items, store }) => {
    await items.insertOne({ _id: 1, a: 1 })
    const path = 'a\0b'
    const refusedQuery = 'LEX_ERR_NOSQL_007'
    await assertFails(() => items.find({ [path]: 1 }).toArray(), refusedQuery, { what: 'a filter' })
    await assertFails(() => items.find({ $or: [{ [path]: null }] }).toArray(), refusedQuery, { what: 'a part' })
    await assertFails(() => items.find({}, { sort: { [path]: 1 } }).toArray(), refusedQuery, { what: 'a sort' })
    await assertFails(() => items.find({}, { projection: { [path]: 0 } }).toArray(), refusedQuery, {
      what: 'a projection',
    })
    await assertFails(() => items.distinct(path), refusedQuery, { what: 'distinct' })
    await assertFails(() => items.updateOne({}, { $set: { [path]: 1 } }), refused, { what: 'an update' })
    if (!store.capabilities.index.create) return
    await assertFails(() => items.createIndex({ [path]: 1 }), refused, { what: 'an index' })
  },
  'an _id is a string that is not empty, a number or a bigint': async ({ items, store }) => {
    if (store.capabilities.limits.ids === 'any') {
      await items.insertOne({ _id: { a: 1 } })
      return
    }
    for (const _id of ['', null, true, { a: 1 }, new Date(0)]) {
      await assertFails(() => items.insertOne({ _id }), refused, { what: JSON.stringify(_id) })
    }
  },
  'a document that is too large is refused, also when an update makes it so': async ({ items, store }) => {
    const { documentBytes } = store.capabilities.limits
    if (documentBytes > 2 ** 25) return
    await assertFails(() => items.insertOne({ text: 'x'.repeat(documentBytes) }), refused, { what: 'insertOne' })
    const half = 'x'.repeat(documentBytes / 2)
    await items.insertOne({ _id: 1, a: half })
    await assertFails(items.updateOne({ _id: 1 }, { $set: { b: half } }), refused, { what: 'updateOne' })
    assertEqual(Object.keys((await items.findOne({ _id: 1 })) ?? {}), ['_id', 'a'], 'the document')
  },
  'arrays directly inside arrays': async ({ items, store }) => {
    const insert = items.insertOne({ a: [[1]] })
    if (!store.capabilities.limits.nestedArrays) {
      await assertFails(insert, 'LEX_ERR_NOSQL_009', { what: 'insertOne' })
      return
    }
    await insert
  },
  'a query that would read too much ends in an error, not in a short answer': async ({ items }) => {
    await items.insertMany(Array.from({ length: 30 }, (_, n) => ({ _id: n, n })))
    const budget = { maxDocuments: 10 }
    await assertFails(items.find({}, { budget }).toArray(), 'LEX_ERR_NOSQL_010', { what: 'find' })
    const update = items.updateMany({}, { $set: { a: 1 } }, { budget })
    const error = await assertFails(update, 'LEX_ERR_NOSQL_010', { what: 'updateMany' })
    assertEqual(await items.countDocuments({ a: 1 }), error.details?.['modifiedCount'], 'what was updated')
    assertEqual((await items.find({ _id: 3 }, { budget }).toArray()).length, 1, 'a query within the budget')
    const enough = { budget: { maxDocuments: 100 } }
    assertEqual(
      (await items.updateMany({}, { $set: { b: 1 } }, enough)).modifiedCount,
      30,
      'an update within the budget',
    )
    assertEqual(await items.deleteMany({}, enough), { deletedCount: 30 }, 'a deletion within the budget')
  },
  'a count that would read too much ends in an error, not in a smaller number': async ({ items, store }) => {
    await items.insertMany(Array.from({ length: 30 }, (_, n) => ({ _id: n, team: n < 20 ? 'red' : 'blue' })))
    if (store.capabilities.index.create && !store.capabilities.index.automatic) await items.createIndex('team')
    const count = (maxDocuments: number, options = {}) =>
      items.countDocuments({ team: 'red' }, { budget: { maxDocuments }, ...options })
    await assertFails(count(19), 'LEX_ERR_NOSQL_010', { what: 'more than may be read' })
    await assertFails(count(19, { skip: 5 }), 'LEX_ERR_NOSQL_010', { what: 'more, the first left out' })
    if ((await items.explain({ team: 'red' })).scan) return
    assertEqual([await count(20), await count(20, { skip: 5 })], [20, 15], 'counts within the budget')
  },
  'explain distinguishes scans from index reads, and names the missing index': async ({ items, store }) => {
    await items.insertMany([{ a: 1 }, { a: 2 }])
    assertEqual((await items.explain({ _id: 1 })).access, 'get', 'by _id')
    const scan = await items.explain({ a: { $exists: true } })
    assertEqual([scan.access, scan.scan], ['scan', true], 'without an index')
    if (store.capabilities.index.automatic) return
    const missing = await items.explain({ a: 1 }, { sort: { b: -1 } })
    assertEqual(
      missing.requiredIndexes,
      [
        [
          ['a', 1],
          ['b', -1],
        ],
      ],
      'the index to add',
    )
    if (!store.capabilities.index.create) return
    await items.createIndex({ a: 1, b: -1 })
    const plan = await items.explain({ a: 1 }, { sort: { b: -1 } })
    assertEqual([plan.access, plan.index, plan.scan, plan.requiredIndexes], ['index', 'a_1_b_-1', false, []], 'with it')
  },
  'scans are refused by policy, and the missing index is named': async ({ items, store, fresh, open }) => {
    const strict = await open({ scans: 'deny' })
    const { automatic } = store.capabilities.index
    // Where every path is indexed by itself, a scan takes a predicate that no index answers.
    const scanning = automatic ? { a: { $exists: true } } : { a: 1 }
    const refused = strict.collection(items.name).find(scanning).toArray()
    const error = await assertFails(refused, 'LEX_ERR_NOSQL_009', { what: 'a scan' })
    if (!automatic) assertEqual(error.hint?.includes('"a"'), true, 'the hint names the path')
    assertEqual(
      await strict.collection(items.name).find(scanning, { scans: 'allow' }).toArray(),
      [],
      'allowed for one call',
    )
    const warnings: PlanWarning[] = []
    const mild = await open({ scans: 'warn', onWarning: (warning) => warnings.push(warning) })
    const other = mild.collection(fresh())
    for (let times = 0; times < 3; times++) await other.find(scanning).toArray()
    await other.find({ b: { $exists: false } }).toArray()
    await other.findOne({ _id: 1 })
    assertEqual(
      warnings.map(({ collection }) => collection),
      [other.name, other.name],
      'one warning for each shape',
    )
  },
  'options that do not exist, or are not portable, are refused': async ({ items }) => {
    await assertFails(async () => items.find({}, untyped({ limt: 1 })).toArray(), 'LEX_ERR_USE_001', {
      what: 'a typing error',
    })
    await assertFails(
      async () => items.updateOne({}, { $set: { a: 1 } }, untyped({ upsrt: true })),
      'LEX_ERR_USE_001',
      { what: 'upsrt' },
    )
    await assertFails(async () => items.find({}, { limit: -1 }).toArray(), 'LEX_ERR_NOSQL_007', {
      what: 'a negative limit',
    })
    await assertFails(async () => items.find({}, { skip: 1.5 }).toArray(), 'LEX_ERR_NOSQL_007', {
      what: 'half a document',
    })
    await assertFails(async () => items.find({}, { sort: { a: untyped(2) } }).toArray(), 'LEX_ERR_NOSQL_007', {
      what: 'a direction',
    })
  },
})
