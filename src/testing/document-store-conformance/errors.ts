import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

export const errorCases = topic('errors, health and life cycle', {
  'a store that works is healthy': async ({ store }) => {
    assertEqual((await store.healthCheck()).status, 'healthy', 'the status')
  },
  'a store connects on first use, and connecting again is harmless': async ({ open, items }) => {
    const store = await open({})
    assertEqual(await store.collection(items.name).countDocuments(), 0, 'without connect')
    await store.connect()
    await store.connect()
  },
  'a disconnected store answers nothing, and its health says so': async ({ open, items }) => {
    const store = await open({})
    await store.connect()
    await store.disconnect()
    await store.disconnect()
    const code = 'LEX_ERR_NOSQL_002'
    await assertFails(store.collection(items.name).findOne({}), code, { what: 'findOne' })
    await assertFails(store.collection(items.name).insertOne({}), code, { what: 'insertOne' })
    await assertFails(store.listCollections(), code, { what: 'listCollections' })
    await assertFails(store.connect(), code, { what: 'connect' })
    assertEqual((await store.healthCheck()).status, 'unhealthy', 'the status')
  },
  'collection names are checked': async ({ store }) => {
    for (const name of ['', '$x', 'a$b', 'a\0b', '.a', 'system.users', 'x'.repeat(300)]) {
      await assertFails(async () => store.collection(name).findOne({}), 'LEX_ERR_NOSQL_005', {
        what: name,
        reason: 'InvalidNamespace',
      })
    }
  },
  'writes by many at once are all applied': async ({ items }) => {
    await items.insertOne({ _id: 1, n: 0 })
    await Promise.all(Array.from({ length: 20 }, () => items.updateOne({ _id: 1 }, { $inc: { n: 1 } })))
    assertEqual((await items.findOne({ _id: 1 }))?.['n'], 20, 'the counter')
    const upserts = Array.from({ length: 10 }, () => items.updateOne({ _id: 2 }, { $inc: { n: 1 } }, { upsert: true }))
    const results = await Promise.all(upserts)
    assertEqual(results.filter(({ upsertedId }) => upsertedId === 2).length, 1, 'the upserts that inserted')
    assertEqual((await items.findOne({ _id: 2 }))?.['n'], 10, 'the other counter')
  },
})
