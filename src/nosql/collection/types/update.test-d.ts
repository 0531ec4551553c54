import { describe, it } from 'vitest'
import type { Update } from './update.ts'

interface Line {
  readonly sku: string
  readonly qty: number
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
  readonly tags: string[]
  readonly big?: bigint
  readonly note?: string | null
}

declare function update(change: Update<Order>): void

describe('Update<T>', () => {
  it('takes values, paths through objects, and every step into an array', () => {
    update({ $set: { total: 3, 'address.city': 'x', note: null, 'meta.any.thing': 3 } })
    update({ $set: { 'lines.0.qty': 3, 'lines.$.qty': 3, 'lines.$[].qty': 4, 'lines.$[line].sku': 'x' } })
    update({ $setOnInsert: { _id: 'a', at: new Date() }, $unset: { note: '', address: true } })
  })

  it('takes numbers where a field holds them', () => {
    update({ $inc: { total: 3, 'counts.views': 1, 'lines.$.qty': 1, big: 3n, 'address.geo.lat': 2 } })
    update({ $mul: { total: 2 }, $min: { total: 3 }, $max: { at: new Date() }, $bit: { total: { and: 3 } } })
    update({ $currentDate: { at: true }, $rename: { note: 'remark' } })
  })

  it('takes elements where a field is an array', () => {
    update({ $push: { tags: 'a', lines: { $each: [{ sku: 'x', qty: 3 }], $sort: { qty: 1 }, $slice: 3 } } })
    update({ $addToSet: { tags: { $each: ['a'] } }, $pop: { tags: 1 }, $pullAll: { tags: ['x'] } })
    update({ $pull: { tags: { $in: ['a'] }, lines: { sku: 'x', qty: { $gt: 3 } } } })
  })

  it('takes a pipeline, and what an interface holds', () => {
    update([{ $set: { total: { $add: ['$total', 1] } } }])
    interface Change {
      readonly $set: { readonly total: number }
    }
    const change: Change = { $set: { total: 3 } }
    update(change)
  })

  it('refuses operators and fields that do not exist', () => {
    // @ts-expect-error: misspelt
    update({ $sett: { total: 3 } })
    // @ts-expect-error: misspelt
    update({ $set: { totall: 3 } })
    // @ts-expect-error: misspelt
    update({ $set: { 'lines.$[line].skuu': 'x' } })
    // @ts-expect-error: misspelt
    update({ $pull: { lines: { skuu: 'x' } } })
    // @ts-expect-error: misspelt
    update({ $unset: { noote: '' } })
    // @ts-expect-error: a replacement
    update({ total: 3 })
  })

  it('refuses values of another type, and operators that do not work on the field', () => {
    // @ts-expect-error: text
    update({ $set: { total: 'x' } })
    // @ts-expect-error: none of the two
    update({ $set: { status: 'opn' } })
    // @ts-expect-error: text
    update({ $set: { 'lines.$.qty': 'x' } })
    // @ts-expect-error: not a number
    update({ $inc: { status: 1 } })
    // @ts-expect-error: a number
    update({ $push: { tags: 3 } })
    // @ts-expect-error: not an array
    update({ $push: { total: 3 } })
    // @ts-expect-error: not a date
    update({ $currentDate: { total: true } })
  })

  it('refuses what is not an update', () => {
    // @ts-expect-error: a Map
    update(new Map())
    // @ts-expect-error: text
    update('x')
  })

  it('is loose for documents of an unknown type', () => {
    const changes: Update[] = [{ $set: { a: 1 } }, { $sett: { a: 1 } }, [{ $set: { a: 1 } }]]
    for (const change of changes) loose(change)
  })
})

declare function loose(change: Update): void
