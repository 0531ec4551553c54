import { isLexigramError } from '../../core/errors.ts'
import { defineCollection } from '../../nosql/contract/define-collection.ts'
import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

const duplicate = 'LEX_ERR_DB_005'

export const indexCases = topic('indexes', {
  'a declared unique key is held to from the first write on, where nothing has created it': async (context) => {
    const { store, fresh } = context
    if (store.capabilities.index.unique === 'none') return
    const declared = defineCollection(fresh(), { indexes: [{ keys: 'email', unique: true }] })
    const items = store.collection(declared)
    await Promise.all([1, 2].map((_id) => items.insertOne({ _id, email: `${_id}` })))
    await assertFails(items.insertOne({ email: '1' }), 'LEX_ERR_DB_005', { what: 'insertOne' })
    await assertFails(items.updateOne({ _id: 2 }, { $set: { email: '1' } }), 'LEX_ERR_DB_005', { what: 'updateOne' })
    const bulk = items.bulkWrite([{ insertOne: { document: { email: '2' } } }])
    await assertFails(bulk, 'LEX_ERR_NOSQL_011', { what: 'bulkWrite' })
    assertEqual(await items.countDocuments(), 2, 'the documents')
    if (store.capabilities.transaction.kind === 'none') return
    const other = defineCollection(fresh(), { indexes: [{ keys: 'email', unique: true }] })
    // What a backend cannot hold to within a transaction, it refuses there.
    const within = await store
      .transaction(async (tx) => tx.collection(other).insertOne({ email: '1' }))
      .catch((error: unknown) => (isLexigramError(error) ? error.code : error))
    if (within === 'LEX_ERR_NOSQL_009') await store.createCollection(other)
    await store.transaction(async (tx) => tx.collection(other).insertOne({ email: '2' }))
    const again = store.transaction(async (tx) => tx.collection(other).insertOne({ email: '2' }))
    await assertFails(again, 'LEX_ERR_DB_005', { what: 'in a transaction' })
  },
  'documents expire as it is declared, where nothing has created the index': async ({ store, fresh, clock }) => {
    if (!store.capabilities.index.ttl) return
    const items = store.collection(defineCollection(fresh(), { indexes: [{ keys: 'at', expireAfterSeconds: 60 }] }))
    await items.insertMany([
      { _id: 1, at: new Date(clock.now - 61_000) },
      { _id: 2, at: new Date(clock.now) },
    ])
    assertEqual(await items.distinct('_id'), [2], 'those that are there')
  },
  'indexes are made once, listed with the one on _id, and dropped': async ({ items, store }) => {
    if (!store.capabilities.index.create) {
      await assertFails(items.createIndex('a'), 'LEX_ERR_NOSQL_009', { what: 'createIndex' })
      return
    }
    const keys = [
      ['a', 1],
      ['b', -1],
    ] as const
    const states: string[] = []
    const name = await items.createIndex(keys, { onProgress: ({ state }) => void states.push(state) })
    assertEqual(name, 'a_1_b_-1', 'the name')
    assertEqual([states[0], states.at(-1)], ['writing', 'ready'], 'its progress')
    assertEqual(await items.createIndex({ a: 1, b: -1 }), 'a_1_b_-1', 'the same again')
    assertEqual(
      (await items.listIndexes()).map(({ name }) => name),
      ['_id_', 'a_1_b_-1'],
      'the list',
    )
    const clash = items.createIndex({ a: 1, b: -1 }, { unique: true })
    await assertFails(clash, 'LEX_ERR_NOSQL_005', { what: 'other options' })
    assertEqual([await items.dropIndex('a_1_b_-1'), await items.dropIndex('a_1_b_-1')], [true, false], 'dropIndex')
    await assertFails(items.dropIndex('_id_'), 'LEX_ERR_NOSQL_005', { what: 'dropping _id_' })
  },
  'a find by several values of an index returns each document once, however long they are': async ({
    store,
    fresh,
  }) => {
    const spec = defineCollection(fresh(), {
      fields: { text: 'string', n: 'number' },
      indexes: [{ keys: { text: 1, n: 1 } }],
    })
    if (store.capabilities.index.create) await store.createCollection(spec)
    const items = store.collection(spec)
    // Backends cut long keys, so that these become equal.
    const long = 'x'.repeat(1400)
    const [a, b] = [`${long}a`, `${long}b`]
    await items.insertMany([
      { _id: 1, text: a, n: 1 },
      { _id: 2, text: b, n: 2 },
    ])
    for (const filter of [{ text: { $in: [a, b] } }, { text: { $in: [a, b] }, n: { $in: [1, 2] } }]) {
      assertEqual(await items.distinct('_id', filter), [1, 2], 'their ids')
      assertEqual(
        await items
          .find(filter, { sort: { n: -1 } })
          .map(({ _id }) => _id)
          .toArray(),
        [2, 1],
        'sorted',
      )
      assertEqual(await items.countDocuments(filter), 2, 'their number')
    }
  },
  'keys and options that cannot be are refused': async ({ items }) => {
    const fails = (work: () => Promise<unknown>, what: string) => assertFails(work, 'LEX_ERR_NOSQL_005', { what })
    await fails(async () => items.createIndex({}), 'no path')
    await fails(async () => items.createIndex({ $a: 1 }), 'a dollar')
    await fails(async () => items.createIndex({ a: untyped(2) }), 'a direction')
    await fails(async () => items.createIndex({ a: 1 }, untyped({ typo: true })), 'an option')
    await fails(async () => items.createIndex({ a: 1, b: 1 }, { expireAfterSeconds: 1 }), 'a compound TTL index')
    await assertFails(async () => items.createIndex({ a: untyped('text') }), 'LEX_ERR_NOSQL_009', {
      what: 'text',
    })
  },
  'several indexes are made at once, and all are dropped but the one on _id': async ({ items, store }) => {
    if (!store.capabilities.index.create) return
    const malformed = items.createIndexes([{ key: 'a' }, { key: {} }])
    await assertFails(malformed, 'LEX_ERR_NOSQL_005', { what: 'a malformed one among them' })
    const names = await items.createIndexes([{ key: { a: 1 } }, { key: [['b', -1]], name: 'by_b' }])
    assertEqual(names, ['a_1', 'by_b'], 'the names')
    const listed = async () => (await items.listIndexes()).map(({ name }) => name).toSorted()
    assertEqual(await listed(), ['_id_', 'a_1', 'by_b'], 'the list')
    assertEqual(await items.dropIndexes(), 2, 'how many were dropped')
    assertEqual(await listed(), ['_id_'], 'what is left')
  },
  'a unique index holds for inserts, updates, replacements and upserts': async ({ items, store }) => {
    if (store.capabilities.index.unique === 'none') {
      const work = items.createIndex('email', { unique: true })
      await assertFails(work, 'LEX_ERR_NOSQL_009', { what: 'a unique index' })
      return
    }
    await items.createIndex('email', { unique: true })
    await items.insertMany([
      { _id: 1, email: 'a' },
      { _id: 2, email: 'b' },
    ])
    const error = await assertFails(items.insertOne({ email: 'a' }), duplicate, { what: 'insertOne' })
    assertEqual(JSON.stringify([error.message, error.details]).includes('"a"'), false, 'the value in the error')
    await assertFails(items.updateOne({ _id: 2 }, { $set: { email: 'a' } }), duplicate, { what: 'updateOne' })
    await assertFails(items.replaceOne({ _id: 2 }, { email: 'a' }), duplicate, { what: 'replaceOne' })
    const upsert = items.updateOne({ _id: 3 }, { $set: { email: 'a' } }, { upsert: true })
    await assertFails(upsert, duplicate, { what: 'an upsert' })
    await items.updateOne({ _id: 1 }, { $set: { email: 'a', seen: true } })
    await items.deleteOne({ _id: 1 })
    await items.insertOne({ _id: 4, email: 'a' })
    assertEqual(await items.countDocuments({}), 2, 'the documents')
  },
  'a missing value and null are one value of a unique index, unless it is sparse': async ({ items, fresh, store }) => {
    if (store.capabilities.index.unique === 'none') return
    await items.createIndex('email', { unique: true })
    await items.insertOne({ email: null })
    await assertFails(items.insertOne({}), duplicate, { what: 'a second one without it' })
    if (!store.capabilities.index.sparse) {
      await assertFails(items.createIndex('x', { sparse: true }), 'LEX_ERR_NOSQL_009', { what: 'sparse' })
      return
    }
    const sparse = store.collection(fresh())
    await sparse.createIndex('email', { unique: true, sparse: true })
    await sparse.insertMany([{}, {}, { email: 'a' }])
    await assertFails(sparse.insertOne({ email: 'a' }), duplicate, { what: 'a value in a sparse index' })
    await sparse.insertOne({ email: null })
    await assertFails(sparse.insertOne({ email: null }), duplicate, { what: 'a second null in a sparse index' })
  },
  'a compound unique index compares all of its paths': async ({ items, store }) => {
    if (store.capabilities.index.unique === 'none') return
    await items.createIndex({ team: 1, 'who.name': 1 }, { unique: true })
    await items.insertMany([
      { team: 1, who: { name: 'a' } },
      { team: 1, who: { name: 'b' } },
      { team: 2, who: { name: 'a' } },
    ])
    await assertFails(items.insertOne({ team: 1, who: { name: 'b' } }), duplicate, { what: 'both equal' })
  },
  'a unique index of array elements holds between documents': async ({ items, store }) => {
    const { unique, multikey } = store.capabilities.index
    if (unique === 'none' || !multikey) return
    await items.createIndex('tags', { unique: true })
    await items.insertMany([{ tags: ['a', 'b', 'a'] }, { tags: 'c' }])
    await assertFails(items.insertOne({ tags: ['x', 'b'] }), duplicate, { what: 'a shared element' })
    await items.insertOne({ tags: ['x', 'y'] })
  },
  'a unique index is not made over documents that break it': async ({ items, store }) => {
    const { create, unique } = store.capabilities.index
    if (!create || unique === 'none') return
    await items.insertMany([{ a: 1 }, { a: 1 }])
    await assertFails(items.createIndex('a', { unique: true }), duplicate, { what: 'createIndex' })
    assertEqual((await items.listIndexes()).length, 1, 'the indexes')
  },
  'a unique index holds under concurrency': async ({ items, store }) => {
    if (store.capabilities.index.unique === 'none') return
    await items.createIndex('email', { unique: true })
    const rivals = Array.from({ length: 20 }, () => items.insertOne({ email: 'a' }))
    const settled = await Promise.allSettled(rivals)
    assertEqual(settled.filter(({ status }) => status === 'fulfilled').length, 1, 'the winners')
    assertEqual(await items.countDocuments({ email: 'a' }), 1, 'the documents')
  },
  'a partial index holds for the documents of its filter': async ({ items, store }) => {
    const options = { unique: true, partialFilterExpression: { active: true } } as const
    if (!store.capabilities.index.partial) {
      await assertFails(items.createIndex('email', options), 'LEX_ERR_NOSQL_009', { what: 'partial' })
      return
    }
    await items.createIndex('email', options)
    await items.insertMany([{ email: 'a', active: true }, { email: 'a', active: false }, { email: 'a' }])
    await assertFails(items.insertOne({ email: 'a', active: true }), duplicate, { what: 'a second active one' })
    const reactivated = items.updateOne({ active: false }, { $set: { active: true } })
    await assertFails(reactivated, duplicate, { what: 'one that becomes active' })
    assertEqual(await items.countDocuments({ email: 'a' }), 3, 'a query sees all of them')
  },
  'documents of a TTL index are gone when their time has come': async ({ items, store, clock }) => {
    if (!store.capabilities.index.ttl) {
      const work = items.createIndex('at', { expireAfterSeconds: 60 })
      await assertFails(work, 'LEX_ERR_NOSQL_009', { what: 'a TTL index' })
      return
    }
    await items.createIndex('at', { expireAfterSeconds: 60 })
    await items.createIndex('email', { unique: true, sparse: true })
    const at = new Date(clock.now)
    await items.insertMany([
      { _id: 1, at, email: 'a' },
      { _id: 2, at: new Date(clock.now + 1000) },
      { _id: 3, at: 'not a date' },
      { _id: 4 },
      { _id: 5, at: [new Date(clock.now + 9e9), at] },
    ])
    assertEqual(await items.countDocuments(), 5, 'before')
    clock.now += 60_000
    assertEqual(
      (await items.find({}, { sort: '_id' }).toArray()).map(({ _id }) => _id),
      [2, 3, 4],
      'after',
    )
    assertEqual([await items.findOne({ _id: 1 }), await items.distinct('email')], [null, []], 'on every path')
    assertEqual((await items.updateMany({ at }, { $set: { x: 1 } })).matchedCount, 0, 'an update')
    await items.insertOne({ _id: 1, email: 'a' })
  },
  'answers are the same with and without indexes': async ({ items, store }) => {
    const documents = Array.from({ length: 60 }, (_, n) => ({
      _id: n,
      a: [n % 5, null, 'text', [n % 3, n % 7], undefined][n % 5],
      b: n % 4 === 0 ? [{ c: n % 3 }, { c: n % 5 }] : { c: n % 6 },
    }))
    await items.insertMany(untyped(documents))
    const filters = [
      { a: 2 },
      { a: null },
      { a: { $gt: 1, $lt: 6 } },
      { a: { $in: [0, 'text', null] } },
      { a: { $ne: 2 } },
      { a: { $gte: 'a' } },
      { 'b.c': { $gte: 2 } },
      { 'b.c': { $gt: 3, $lt: 2 } },
      { a: 2, 'b.c': 2 },
      { $or: [{ a: 2 }, { 'b.c': 5 }] },
      { a: { $not: { $gt: 1 } } },
    ]
    const sorts = [{ _id: 1 }, { a: 1 }, { a: -1 }, { 'b.c': -1 }, { _id: -1 }] as const
    const answers = async () => {
      const all: unknown[] = []
      for (const filter of filters) {
        all.push(await items.countDocuments(filter))
        for (const sort of sorts) all.push(await items.find(filter, { sort, limit: 7 }).toArray())
      }
      return all
    }
    const plain = await answers()
    if (!store.capabilities.index.create) return
    for (const keys of [{ a: 1 }, { a: -1, _id: 1 }, { 'b.c': -1 }] as const) await items.createIndex(keys)
    assertEqual(await answers(), plain, 'the answers')
    await items.updateMany({ a: { $gte: 1 } }, { $inc: { touched: 1 } })
    assertEqual(await items.countDocuments({ touched: { $gt: 1 } }), 0, 'no document is updated twice')
  },
})
