import { describe, it } from 'vitest'
import type { Sort } from './sort.ts'

interface Order {
  readonly _id: string
  readonly total: number
  readonly lines: readonly { readonly qty: number }[]
  readonly address?: { readonly city: string }
}

declare function sort(order: Sort<Order>): void
declare function loose(order: Sort): void

describe('Sort<T>', () => {
  it('is an object, pairs, a Map, one pair, or a path, with directions as numbers or words', () => {
    sort({ total: 1, 'address.city': -1, _id: 'asc' })
    sort([
      ['total', 1],
      ['lines.qty', 'desc'],
    ])
    sort(new Map([['total', 1]]))
    sort(['total', 'descending'])
    sort('lines.0.qty')
  })

  it('refuses paths and directions that do not exist', () => {
    // @ts-expect-error: misspelt
    sort({ totall: 1 })
    // @ts-expect-error: misspelt
    sort('totall')
    // @ts-expect-error: misspelt
    sort([['totall', 1]])
    // @ts-expect-error: misspelt
    sort(['totall', 'desc'])
    // @ts-expect-error: misspelt
    sort(new Map([['totall', 1]]))
    // @ts-expect-error: not a direction
    sort({ total: 3 })
    // @ts-expect-error: not a direction
    sort({ total: 'up' })
  })

  it('takes any path for documents of an unknown type', () => {
    loose({ a: 1 })
    loose([['a.b', 'asc']])
    loose(new Map([['a', -1]]))
    loose('a')
  })
})
