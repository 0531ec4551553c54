import { describe, expectTypeOf, it } from 'vitest'
import type { Document } from '../../query/value.ts'
import type { CheckedProjection, Projected } from './projection.ts'

interface Line {
  readonly sku: string
  readonly qty: number
}

interface Order {
  readonly _id: string
  readonly status: 'open' | 'paid'
  readonly total: number
  readonly lines: readonly Line[]
  readonly address?: { readonly city: string; readonly geo: { readonly lat: number; readonly lon: number } }
  readonly meta: Record<string, unknown>
  readonly note?: string | null
}

declare function project<const P extends object>(projection: P & CheckedProjection<Order, P>): Projected<Order, P>

describe('a projection', () => {
  it('that lists fields keeps them and _id, as optional as they are', () => {
    expectTypeOf(project({ total: 1 })).toEqualTypeOf<{ readonly _id: string; readonly total: number }>()
    expectTypeOf(project({ note: true, _id: 0 })).toEqualTypeOf<{ readonly note?: string | null }>()
    expectTypeOf(project({ _id: 1 })).toEqualTypeOf<{ readonly _id: string }>()
  })

  it('that excludes fields keeps the others', () => {
    type Kept = { readonly _id: string; readonly status: 'open' | 'paid'; readonly total: number }
    expectTypeOf(project({ lines: 0, meta: 0, address: 0, note: 0 })).toEqualTypeOf<Kept>()
    expectTypeOf(project({ _id: 0 })).toEqualTypeOf<Omit<Order, '_id'>>()
  })

  it('goes into objects and the elements of arrays', () => {
    expectTypeOf(project({ 'address.city': 1, 'lines.sku': 1 })).toEqualTypeOf<{
      readonly _id: string
      readonly lines: { readonly sku: string }[]
      readonly address?: { readonly city: string }
    }>()
    expectTypeOf(project({ address: { city: 1 }, _id: 0 })).toEqualTypeOf<{
      readonly address?: { readonly city: string }
    }>()
    expectTypeOf(project({ 'address.geo.lat': 0, lines: 0, meta: 0, note: 0, status: 0 })).toEqualTypeOf<{
      readonly _id: string
      readonly total: number
      readonly address?: { readonly city: string; readonly geo: { readonly lon: number } }
    }>()
  })

  it('that computes fields adds them', () => {
    const computed = project({ total: 1, double: { $multiply: ['$total', 2] }, label: '$status' })
    expectTypeOf(computed.total).toEqualTypeOf<number>()
    expectTypeOf(computed.double).toEqualTypeOf<unknown>()
    expectTypeOf(computed.label).toEqualTypeOf<unknown>()
  })

  it('of elements keeps the array', () => {
    const only = { readonly: null as unknown as { readonly _id: string; readonly lines: readonly Line[] } }.readonly
    expectTypeOf(project({ lines: { $elemMatch: { sku: 'x' } } })).toEqualTypeOf(only)
    expectTypeOf(project({ 'lines.$': 1 })).toEqualTypeOf(only)
    expectTypeOf(project({ lines: { $slice: 1 } }).total).toEqualTypeOf<number>()
  })

  it('whose flags are not known may have left anything out', () => {
    const flags = { total: 1 }
    expectTypeOf(project(flags)).toEqualTypeOf<Partial<Order>>()
    const none: Record<string, 0 | 1> = {}
    expectTypeOf(project(none)).toEqualTypeOf<Partial<Order>>()
  })

  it('of nothing keeps everything', () => {
    expectTypeOf(project({})).toEqualTypeOf<Order>()
    expectTypeOf<Projected<Document, { a: 1 }>>().toEqualTypeOf<Document>()
  })

  it('is refused for fields that do not exist', () => {
    // @ts-expect-error: misspelt
    void project({ totall: 1 })
    // @ts-expect-error: misspelt
    void project({ total: 1, totall: 1 })
    // @ts-expect-error: misspelt
    void project({ 'address.citi': 1 })
    // @ts-expect-error: not a flag
    void project({ total: null })
  })
})
