import type { Collection } from '../../nosql/collection/collection.ts'
import type { Filter } from '../../nosql/collection/types/filter.ts'
import type { Document } from '../../nosql/query/value.ts'
import { assertEqual, assertFails } from './assert.ts'
import { topic } from './conformance-case.ts'

const people: readonly Document[] = [
  { _id: 1, name: 'Ada', age: 36, tags: ['math', 'code'], address: { city: 'London', zip: '1' }, scores: [1, 9] },
  { _id: 2, name: 'Bob', age: null, tags: [], address: { city: 'Paris' }, scores: [5] },
  {
    _id: 3,
    name: 'cy',
    tags: 'code',
    orders: [
      { sku: 'x', n: 1 },
      { sku: 'y', n: 5 },
    ],
  },
  { _id: 4, name: 'Dee', age: '36', born: new Date(0), orders: [{ sku: 'x', n: 5 }] },
  { _id: 5, name: 'Eve', age: 40n, flag: true, tags: [['math']] },
]

async function assertFinds(
  items: Collection,
  expected: readonly (readonly [Filter, readonly number[]])[],
): Promise<void> {
  await items.insertMany(people)
  for (const [filter, ids] of expected) {
    const found = await items.find(filter).toArray()
    const what = JSON.stringify(filter, (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))
    assertEqual(
      found.map(({ _id }) => Number(_id)).sort((a, b) => a - b),
      ids,
      `find(${what})`,
    )
    assertEqual(await items.countDocuments(filter), ids.length, `countDocuments(${what})`)
  }
}

export const filterCases = topic('filters', {
  'null matches null and missing, and $exists distinguishes them': ({ items }) =>
    assertFinds(items, [
      [{ age: null }, [2, 3]],
      [{ age: { $exists: true } }, [1, 2, 4, 5]],
      [{ age: { $exists: false } }, [3]],
      [{ age: null, _id: { $gt: 2 } }, [3]],
    ]),
  'a scalar predicate matches a scalar or any element': ({ items }) =>
    assertFinds(items, [
      [{ tags: 'code' }, [1, 3]],
      [{ tags: ['math', 'code'] }, [1]],
      [{ tags: [] }, [2]],
      [{ tags: ['math'] }, [5]],
      [{ scores: { $gt: 4, $lt: 6 } }, [1, 2]],
      [{ scores: { $gt: 8 } }, [1]],
    ]),
  'ranges stay within one type': ({ items }) =>
    assertFinds(items, [
      [{ age: { $gt: 0 } }, [1, 5]],
      [{ age: { $gte: '3' } }, [4]],
      [{ born: { $lte: new Date(0) } }, [4]],
      [{ age: 36 }, [1]],
      [{ age: { $in: [36, 40] } }, [1, 5]],
    ]),
  '$ne, $nin and $not include documents without the field': ({ items }) =>
    assertFinds(items, [
      [{ age: { $ne: 36 } }, [2, 3, 4, 5]],
      [{ age: { $nin: [36, null] } }, [4, 5]],
      [{ tags: { $ne: 'code' } }, [2, 4, 5]],
      [{ age: { $not: { $gt: 1 } } }, [2, 3, 4]],
    ]),
  'dotted paths go through objects, arrays and positions': ({ items }) =>
    assertFinds(items, [
      [{ 'address.city': 'Paris' }, [2]],
      [{ 'orders.sku': 'y' }, [3]],
      [{ 'orders.0.n': 5 }, [4]],
      [{ 'orders.sku': 'x', 'orders.n': 5 }, [3, 4]],
      [{ 'address.zip': null, address: { $exists: true } }, [2]],
    ]),
  '$elemMatch asks for one element, $all for every value, $size for a length': ({ items }) =>
    assertFinds(items, [
      [{ orders: { $elemMatch: { sku: 'x', n: 5 } } }, [4]],
      [{ scores: { $elemMatch: { $gt: 1, $lt: 9 } } }, [2]],
      [{ tags: { $all: ['code', 'math'] } }, [1]],
      [{ tags: { $size: 0 } }, [2]],
    ]),
  'conditions combine with $and, $or and $nor': ({ items }) =>
    assertFinds(items, [
      [{ $or: [{ _id: 1 }, { name: 'cy' }] }, [1, 3]],
      [{ $and: [{ tags: 'code' }, { age: 36 }] }, [1]],
      [{ $nor: [{ tags: 'code' }, { age: null }] }, [4, 5]],
      [{ $or: [{ age: 36 }, { age: '36' }], name: { $ne: 'Ada' } }, [4]],
    ]),
  'regular expressions, types, remainders and bits': ({ items }) =>
    assertFinds(items, [
      [{ name: /^c/i }, [3]],
      [{ name: { $regex: '^(a|b)', $options: 'i' } }, [1, 2]],
      [{ name: { $in: [/^A/, 'Eve'] } }, [1, 5]],
      [{ age: { $type: 'string' } }, [4]],
      [{ age: { $mod: [4, 0] } }, [1, 5]],
      [{ scores: { $bitsAllSet: 8 } }, [1]],
    ]),
  'every flag of a regular expression is obeyed': async ({ items }) => {
    await items.insertOne({ _id: 6, name: 'two\nlines' })
    await assertFinds(items, [
      [{ name: /^two.lines$/ }, []],
      [{ name: /^two.lines$/s }, [6]],
      [{ name: { $in: [/O.L/is] } }, [6]],
      [{ name: { $not: /o.l/s } }, [1, 2, 3, 4, 5]],
      [{ name: /^lines$/ }, []],
      [{ name: /^lines$/m }, [6]],
    ])
    await items.updateOne({ _id: 6 }, { $set: { tags: ['a\nb', 'a b'] } })
    await items.updateOne({ _id: 6 }, { $pull: { tags: /a.b/ } })
    assertEqual((await items.findOne({ _id: 6 }))?.['tags'], ['a\nb'], 'without the flag')
    await items.updateOne({ _id: 6 }, { $pull: { tags: /a.b/s } })
    assertEqual((await items.findOne({ _id: 6 }))?.['tags'], [], 'with the flag')
  },
  'an embedded document is equal with its keys in the same order': ({ items }) =>
    assertFinds(items, [
      [{ address: { city: 'London', zip: '1' } }, [1]],
      [{ address: { zip: '1', city: 'London' } }, []],
    ]),
  'what is malformed is refused before anything is read': async ({ items }) => {
    const malformed: readonly Filter[] = [
      { a: { $nope: 1 } },
      { $nope: 1 },
      { a: undefined },
      { a: Number.NaN },
      { a: { $in: 1 } },
      { a: { $gt: 1, b: 2 } },
      { $or: [] },
      { a: { $regex: '(' } },
      { a: { $size: -1 } },
    ]
    for (const filter of malformed) {
      for (const work of [
        () => items.find(filter).toArray(),
        () => items.countDocuments(filter),
        () => items.deleteMany(filter),
      ]) {
        await assertFails(work, 'LEX_ERR_NOSQL_007', { what: Object.keys(filter).join() })
      }
    }
  },
})
