import { describe, expectTypeOf, it } from 'vitest'
import type { Filter } from './filter.ts'

interface Line {
  readonly sku: string
  readonly qty: number
  readonly tags?: string[]
  readonly parts: { readonly box: { readonly inner: { readonly label: string } } }
}

interface Order {
  readonly _id: string
  readonly status: 'open' | 'paid'
  readonly total: number
  readonly lines: readonly Line[]
  readonly address?: { readonly city: string; readonly geo: { readonly lat: number } }
  readonly meta: Record<string, unknown>
  readonly counts: Record<string, number>
  readonly at: Date
  readonly parent?: Order
  readonly tags: string[]
  readonly grid: number[][]
  readonly big?: bigint
  readonly note?: string | null
  readonly blob: Uint8Array
  readonly either: string | number
  readonly anything: unknown
  total2(): number
}

declare function find(filter: Filter<Order>): void

describe('Filter<T>', () => {
  it('takes values of a field, elements of an array, and null for a missing field', () => {
    find({})
    find({ total: 3, status: 'open', tags: 'a', at: new Date(), big: 3n, blob: new Uint8Array(), grid: [1, 2] })
    find({ tags: ['a'], meta: { x: 1 }, note: null, status: null, anything: 3, either: 'x' })
    find({ address: { city: 'x', geo: { lat: 3 } }, status: /open/, tags: /x/ })
  })

  it('takes the operators of each field', () => {
    find({ total: { $gt: 3, $lte: 5 }, at: { $lt: new Date() }, tags: { $in: ['a', /b/] }, either: { $in: ['a', 3] } })
    find({ total: { $not: { $gt: 3 } }, note: { $regex: 'x', $options: 'i' }, 'address.geo.lat': { $exists: true } })
    find({ status: { $type: 'string' }, total: { $mod: [3, 1], $bitsAllSet: 5 }, tags: { $all: ['a'], $size: 3 } })
    find({ lines: { $elemMatch: { sku: 'x', qty: { $gt: 3 } } }, tags: { $elemMatch: { $gt: 'a' } } })
    find({ $or: [{ total: 1 }, { $and: [{ status: { $ne: 'paid' } }] }], $expr: { $gt: ['$total', 1] }, $comment: 'x' })
  })

  it('takes dotted paths through objects, through arrays with and without an index, and whatever is deeper', () => {
    find({ 'lines.sku': 'x', 'lines.0.qty': { $gt: 3 }, 'lines.0.tags.1': 'x', 'tags.0': 'a', 'grid.0.0': 3 })
    find({ 'address.geo.lat': 3, 'meta.any.thing': 'x', 'counts.views': 3, 'lines.parts.box.inner.label.x': 1 })
    find({ 'parent.parent.total': 3, 'parent.parent.parent.parent.parent.anything': 3 })
  })

  it('refuses fields that do not exist, alone and beside others', () => {
    // @ts-expect-error: misspelt
    find({ totall: 3 })
    // @ts-expect-error: misspelt
    find({ total: 3, totall: 3 })
    // @ts-expect-error: misspelt
    find({ $or: [{ totall: 3 }] })
    // @ts-expect-error: misspelt
    find({ lines: { $elemMatch: { skuu: 'x' } } })
    // @ts-expect-error: misspelt
    find({ 'address.citi': 'x' })
    // @ts-expect-error: misspelt
    find({ 'lines.0.skuu': 'x' })
    // @ts-expect-error: a method is not a field
    find({ total2: 3 })
  })

  it('refuses operators that do not exist, or do not work on the field', () => {
    // @ts-expect-error: misspelt
    find({ total: { $ltt: 1 } })
    // @ts-expect-error: misspelt
    find({ total: { $lt: 1, $ltt: 1 } })
    // @ts-expect-error: misspelt
    find({ $orr: [{ total: 3 }] })
    // @ts-expect-error: not a text
    find({ total: { $regex: 'x' } })
    // @ts-expect-error: not an array
    find({ total: { $elemMatch: { $gt: 3 } } })
    // @ts-expect-error: not an array
    find({ total: { $size: 1 } })
    // @ts-expect-error: never run
    find({ $where: 'x' })
  })

  it('refuses values of another type', () => {
    // @ts-expect-error: text
    find({ total: 'x' })
    // @ts-expect-error: text
    find({ total: { $lt: '1' } })
    // @ts-expect-error: texts
    find({ total: { $in: ['1'] } })
    // @ts-expect-error: none of the two
    find({ status: 'opn' })
    // @ts-expect-error: none of the two
    find({ status: { $in: ['opn'] } })
    // @ts-expect-error: a number
    find({ 'address.city': 3 })
    // @ts-expect-error: text
    find({ 'lines.0.qty': '3' })
    // @ts-expect-error: text
    find({ 'counts.views': 'x' })
    // @ts-expect-error: a number
    find({ tags: 3 })
    // @ts-expect-error: half an address, which is equal to none
    find({ address: { city: 'x' } })
    // @ts-expect-error: a number
    find({ _id: 3 })
  })

  it('refuses what is not a filter', () => {
    // @ts-expect-error: a Map
    find(new Map())
    // @ts-expect-error: a list
    find([])
    // @ts-expect-error: a function
    find(() => 1)
    // @ts-expect-error: text
    find('x')
  })

  it('takes a filter that an interface holds, and one of unknown fields', () => {
    interface Search {
      readonly total: number
      readonly status: 'open'
      readonly tags: { readonly $in: string[] }
    }
    const search: Search = { total: 1, status: 'open', tags: { $in: ['a'] } }
    find(search)
    const loose: Filter = { total: 1 }
    find(loose)
    const parsed: Record<string, unknown> = {}
    find(parsed)
  })

  it('takes the fields of each member of a union', () => {
    type Pet = { kind: 'cat'; lives: number } | { kind: 'dog'; tricks: string[] }
    const filters: Filter<Pet>[] = [{ kind: 'cat', lives: 9 }, { tricks: 'sit' }, { kind: { $in: ['cat', 'dog'] } }]
    expectTypeOf(filters).toExtend<object[]>()
    // @ts-expect-error: text
    const wrong: Filter<Pet> = { lives: 'nine' }
    // @ts-expect-error: no such kind
    const other: Filter<Pet> = { kind: 'cow' }
    expectTypeOf([wrong, other]).toExtend<object[]>()
  })

  it('knows the _id of documents that do not declare it', () => {
    const filter: Filter<{ name: string }> = { _id: { $in: ['a', 1, 2n] } }
    expectTypeOf(filter).toExtend<object>()
    // @ts-expect-error: not an id
    const other: Filter<{ name: string }> = { _id: true }
    expectTypeOf(other).toExtend<object>()
  })

  it('is loose for documents of an unknown type, but for what is not an object of fields', () => {
    const filters: Filter[] = [{ a: 1 }, { $or: [{ a: { $ltt: 1 } }] }, { $whatever: 1 }]
    expectTypeOf(filters).toExtend<object[]>()
    // @ts-expect-error: a list
    const list: Filter = []
    // @ts-expect-error: a Map
    const map: Filter = new Map()
    // @ts-expect-error: text
    const text: Filter = 'x'
    expectTypeOf([list, map, text]).toExtend<unknown[]>()
  })
})
