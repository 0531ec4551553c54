import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

export const injectionCases = topic('injection', {
  'no code from data runs': async ({ items }) => {
    await items.insertOne({ _id: 1, a: 1 })
    const filters = [{ $where: 'true' }, { $expr: { $function: { body: 'return true', args: [], lang: 'js' } } }]
    for (const filter of filters) {
      await assertFails(() => items.find(filter).toArray(), 'LEX_ERR_NOSQL_009', {
        what: Object.keys(filter).join(),
      })
    }
  },
  'field names of the prototype are plain data': async ({ items }) => {
    const document: unknown = JSON.parse(
      '{"_id": 1, "constructor": {"prototype": 1}, "toString": "text", "hasOwnProperty": 2}',
    )
    await items.insertOne(untyped(document))
    assertEqual(await items.findOne({ toString: 'text' }), document, 'found')
    assertEqual(await items.countDocuments({ valueOf: { $exists: true } }), 0, 'an inherited name')
    await assertFails(() => items.updateOne({ _id: 1 }, { $set: { '__proto__.admin': true } }), 'LEX_ERR_NOSQL_007', {
      what: '__proto__',
    }).catch(() =>
      assertFails(() => items.updateOne({ _id: 1 }, { $set: { '__proto__.admin': true } }), 'LEX_ERR_NOSQL_005', {
        what: '__proto__',
      }),
    )
    assertEqual('admin' in {}, false, 'the prototype of objects')
  },
  'hostile regular expressions are refused': async ({ items }) => {
    await items.insertOne({ a: 'a'.repeat(64) })
    await assertFails(() => items.find({ a: /(a+)+$b/ }).toArray(), 'LEX_ERR_NOSQL_007', { what: 'nested repetition' })
    const counted = `${'a{0,9}'.repeat(20)}b`
    await assertFails(() => items.find({ a: { $regex: counted } }).toArray(), 'LEX_ERR_NOSQL_007', {
      what: 'counted repetition',
    })
    assertEqual(await items.countDocuments({ a: { $regex: 'a'.repeat(16_384) } }), 0, 'the longest pattern')
    await assertFails(() => items.find({ a: { $regex: 'a'.repeat(16_385) } }).toArray(), 'LEX_ERR_NOSQL_007', {
      what: 'length',
    })
  },
  'filters that nest without end are refused': async ({ items }) => {
    let filter: Readonly<Record<string, unknown>> = { a: 1 }
    for (let level = 0; level < 5000; level++) filter = { $and: [filter] }
    await assertFails(() => items.find(filter).toArray(), 'LEX_ERR_NOSQL_007', { what: 'depth' })
  },
  'the document that an upsert makes is checked as an insert is': async ({ items }) => {
    const deep = Array.from({ length: 90 }, () => 'a').join('.')
    const filters: readonly Readonly<Record<string, unknown>>[] = [
      JSON.parse('{"__proto__.isAdmin": true}'),
      JSON.parse('{"a.__proto__": true}'),
      { [deep]: 1 },
      { 'a..b': 1 },
    ]
    for (const filter of filters) {
      const upsert = items.updateOne(filter, { $set: { n: 1 } }, { upsert: true })
      const what = `an upsert of ${Object.keys(filter)[0]?.slice(0, 20)}`
      const thrown: unknown = await upsert.catch((error: unknown) => error)
      const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : 'nothing'
      assertEqual(['LEX_ERR_NOSQL_005', 'LEX_ERR_NOSQL_007'].includes(String(code)), true, `${what}: ${String(code)}`)
    }
    assertEqual(await items.countDocuments(), 0, 'the documents')
    assertEqual(Reflect.get({}, 'isAdmin'), undefined, 'the prototype of all objects')
  },
})
