import { describe, expectTypeOf, it } from 'vitest'
import { fieldEq } from '../../core/specification/field.ts'
import type { Collection } from '../collection/collection.ts'
import { DocumentQueryBuilder } from './query-builder.ts'

interface Product {
  readonly name: string
  readonly price: number
  readonly tags: readonly string[]
  readonly maker?: { readonly country: 'DE' | 'FR' }
}

describe('DocumentQueryBuilder<T>', () => {
  it('checks fields and values against the entity', () => {
    const query = new DocumentQueryBuilder<Product>()
    query
      .where('tags', 'new')
      .whereGt('price', 1)
      .whereIn('maker.country', ['DE'])
      .select('name')
      .sortBy('price', 'desc')
    query.andWhere(fieldEq('name', 'x'), { price: { $mod: [2, 0] } })
    // @ts-expect-error no such field
    query.where('nam', 'x')
    // @ts-expect-error wrong type
    query.where('price', 'x')
    // @ts-expect-error wrong member of a union
    query.whereIn('maker.country', ['UK'])
    // @ts-expect-error a pattern on a number
    query.whereRegex('price', '1')
    // @ts-expect-error no such field in the specification
    query.andWhere(fieldEq('nam', 'x'))
  })

  it('carries what it selects, so that a find returns only that', () => {
    const whole = new DocumentQueryBuilder<Product>().where('name', 'x').build()
    expectTypeOf(whole).not.toHaveProperty('projection')
    const { filter, ...options } = new DocumentQueryBuilder<Product>().where('name', 'x').select('name').build()
    expectTypeOf(options.projection).toEqualTypeOf<{ readonly name: 1 }>()
    const products = null as unknown as Collection<Product & { readonly _id: string }>
    expectTypeOf(products.find(filter, options).toArray()).resolves.toExtend<{ readonly name: string }[]>()
    expectTypeOf(products.find(whole.filter).toArray()).resolves.toExtend<Product[]>()
  })
})
