import type { Collection } from '../../nosql/collection/collection.ts'
import type { FindPageOptions } from '../../nosql/collection/reading/find-page.ts'
import type { Document } from '../../nosql/query/value.ts'
import { untyped } from '../assert.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

/** One of every kind, in sort order; missing counts as null, and an array as its smallest element. */
const ordered: readonly Document[] = [
  { _id: 1, v: [] },
  { _id: 2 },
  { _id: 3, v: null },
  { _id: 4, v: -1 },
  { _id: 5, v: [7, 2] },
  { _id: 6, v: 3n },
  { _id: 7, v: 'Z' },
  { _id: 8, v: '｡' },
  { _id: 9, v: '😀' },
  { _id: 10, v: { a: 1 } },
  { _id: 11, v: false },
  { _id: 12, v: new Date(0) },
]

const ids = (documents: readonly Document[]) => documents.map(({ _id }) => _id ?? null)

async function readPages(items: Collection, options: FindPageOptions): Promise<readonly Document[]> {
  const all: Document[] = []
  let after: string | null | undefined
  do {
    const page: { readonly items: readonly Document[]; readonly next: string | null } = await items.findPage(
      {},
      { ...options, after },
    )
    all.push(...page.items)
    // A driver that never comes to the end fails, and does not hang.
    if (all.length > 1_000) throw new Error('the pages do not end')
    after = page.next
  } while (after !== null)
  return all
}

export const sortCases = topic('sorts, projections and pages', {
  'a sort may be an object, pairs, a Map, one pair or a path, with directions as words': async ({ items }) => {
    await items.insertMany([
      { _id: 1, n: 1, g: 'a' },
      { _id: 2, n: 2, g: 'b' },
      { _id: 3, n: 3, g: 'a' },
    ])
    const sorts = [
      { n: -1 },
      [['n', -1]],
      new Map<string, -1>([['n', -1]]),
      ['n', -1],
      { n: 'desc' },
      [['n', 'descending']],
      ['n', 'desc'],
    ] as const
    for (const sort of sorts)
      assertEqual(ids(await items.find({}, { sort }).toArray()), [3, 2, 1], `the sort ${String(sorts.indexOf(sort))}`)
    const byTwo = new Map<string, 1 | -1>([
      ['g', -1],
      ['n', 1],
    ])
    assertEqual(ids(await items.find().sort(byTwo).toArray()), [2, 1, 3], 'two paths')
    assertEqual(ids(await items.find({}, { sort: 'n' }).toArray()), [1, 2, 3], 'a path')
    assertEqual(await items.findOneAndDelete({}, { sort: new Map([['n', -1]]) }), { _id: 3, n: 3, g: 'a' }, 'deleted')
    await items.updateOne({}, { $set: { n: 9 } }, { sort: new Map([['_id', -1]]) })
    assertEqual(await items.findOne({ n: 9 }), { _id: 2, n: 9, g: 'b' }, 'updated')
  },
  'a sort of another shape is refused': async ({ items }) => {
    for (const sort of [7, () => 1, new Set(['n']), new Date(), [7], [['n']], { n: 'up' }, { n: 0 }]) {
      const work = items.find({}, { sort: untyped(sort) }).toArray()
      await assertFails(work, 'LEX_ERR_NOSQL_007', { what: 'a sort' })
    }
  },
  'values of all types have one order': async ({ items }) => {
    await items.insertMany(ordered.toReversed())
    assertEqual(ids(await items.find({}, { sort: { v: 1 } }).toArray()), ids(ordered), 'ascending')
    const descending = [12, 11, 10, 9, 8, 7, 5, 6, 4, 2, 3, 1]
    assertEqual(
      ids(await items.find({}, { sort: { v: -1 } }).toArray()),
      descending,
      'descending, by the largest element',
    )
  },
  'ties are broken by _id': async ({ items }) => {
    await items.insertMany([3, 1, 2].map((n) => ({ _id: n, v: 0 })))
    assertEqual(ids(await items.find({}, { sort: { v: -1 } }).toArray()), [1, 2, 3], 'the order')
  },
  'skip and limit come after the filter and the sort': async ({ items }) => {
    await items.insertMany([1, 2, 3, 4, 5, 6].map((n) => ({ _id: n, odd: n % 2 })))
    const options = { sort: [['_id', -1]], skip: 1, limit: 2 } as const
    assertEqual(ids(await items.find({ odd: 1 }, options).toArray()), [3, 1], 'the page')
    assertEqual((await items.find({}, { limit: 0 }).toArray()).length, 6, 'limit 0')
    assertEqual((await items.find({ odd: 1 }, { limit: 2 }).toArray()).length, 2, 'without a sort')
  },
  'projections include, exclude and slice': async ({ items }) => {
    await items.insertOne({ _id: 1, a: { b: 1, c: 2 }, list: [1, 2, 3] })
    const project = (projection: Document) => items.findOne({}, { projection })
    assertEqual(await project({ 'a.b': 1 }), { _id: 1, a: { b: 1 } }, 'inclusion')
    assertEqual(await project({ a: 0, _id: 0 }), { list: [1, 2, 3] }, 'exclusion')
    assertEqual(await project({ list: { $slice: -1 }, a: 0 }), { _id: 1, list: [3] }, '$slice')
    assertEqual(await items.findOne({ list: 2 }, { projection: { 'list.$': 1 } }), { _id: 1, list: [2] }, 'positional')
    await assertFails(project({ a: 1, list: 0 }), 'LEX_ERR_NOSQL_007', { what: 'a mixture' })
  },
  'pages neither repeat nor miss a document, in any order of any values': async ({ items }) => {
    await items.insertMany(ordered)
    for (const limit of [1, 2, 5, 12, 50]) {
      assertEqual(ids(await readPages(items, { sort: { v: 1 }, limit })), ids(ordered), `pages of ${limit}`)
    }
    assertEqual((await readPages(items, { sort: { v: -1 }, limit: 3 })).length, ordered.length, 'descending')
    assertEqual((await readPages(items, { limit: 5 })).length, ordered.length, 'by _id')
  },
  'pages after an empty array have what is missing': async ({ items }) => {
    await items.insertMany([{ _id: 1, v: [] }, { _id: 2, v: [] }, { _id: 3 }, { _id: 4, v: null }, { _id: 5, v: 0 }])
    for (const direction of [1, -1] as const) {
      const sort = { v: direction, _id: -1 } as const
      const order = direction === 1 ? [2, 1, 4, 3, 5] : [5, 4, 3, 2, 1]
      for (const limit of [1, 2]) assertEqual(ids(await readPages(items, { sort, limit })), order, `limit ${limit}`)
    }
  },
  'pages by a field below arrays are the whole in parts': async ({ items }) => {
    const values = [null, { x: 1 }, [[1], 2], [1, 2], [], { x: null }, 'text', [{ x: 2 }, { x: 0 }], [{ y: 1 }], 5]
    await items.insertMany(values.map((d, _id) => ({ _id, d })))
    for (const direction of [1, -1] as const) {
      const sort = { 'd.x': direction }
      const whole = ids(await items.find({}, { sort }).toArray())
      assertEqual(ids(await readPages(items, { sort, limit: 2 })), whole, `direction ${direction}`)
    }
  },
  'pages are stable while others insert and delete': async ({ items }) => {
    await items.insertMany([10, 20, 30, 40].map((n) => ({ _id: n, n })))
    const first = await items.findPage({}, { sort: { n: 1 }, limit: 2 })
    await items.insertOne({ _id: 5, n: 5 })
    await items.deleteOne({ _id: 20 })
    const second = await items.findPage({}, { sort: { n: 1 }, limit: 2, after: first.next })
    assertEqual([ids(first.items), ids(second.items), second.next], [[10, 20], [30, 40], null], 'the pages')
  },
  'a page of an index is the page of a scan': async ({ items, store }) => {
    await items.insertMany(Array.from({ length: 40 }, (_, n) => ({ _id: n, team: n % 3, v: n % 7 })))
    const options = { sort: { v: -1 }, limit: 4 } as const
    const scanned = ids(await readPages(items, options))
    if (!store.capabilities.index.create) return
    await items.createIndex({ v: 1 })
    assertEqual(ids(await readPages(items, options)), scanned, 'the pages')
  },
  'a cursor that was changed, or belongs to another query, is refused': async ({ items }) => {
    await items.insertMany([{ n: 1 }, { n: 2 }, { n: 3 }])
    const { next } = await items.findPage({ n: { $gt: 0 } }, { sort: 'n', limit: 1 })
    const fails = (work: Promise<unknown>, what: string) => assertFails(work, 'LEX_ERR_DOM_001', { what })
    const options = { sort: 'n', limit: 1 } as const
    await fails(items.findPage({ n: { $gt: 1 } }, { ...options, after: next }), 'another filter')
    await fails(items.findPage({ n: { $gt: 0 } }, { ...options, sort: { n: -1 }, after: next }), 'another sort')
    await fails(items.findPage({ n: { $gt: 0 } }, { ...options, after: `x${next}` }), 'another position')
    await fails(items.findPage({ n: { $gt: 0 } }, { ...options, after: 'nonsense' }), 'no cursor at all')
  },
})
