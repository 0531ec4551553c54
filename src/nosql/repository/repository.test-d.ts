import { describe, expectTypeOf, it } from 'vitest'
import type { Result } from '../../core/result/result.ts'
import { fieldEq, fieldGt } from '../../core/specification/field.ts'
import type { NotFoundError } from '../../core/errors.ts'
import { DocumentRepository } from './repository.ts'
import type { Document } from '../query/value.ts'

interface Product {
  readonly id: number
  readonly name: string
}

class Products extends DocumentRepository<Product, number> {
  protected readonly collectionName = 'products'
  protected documentToEntity(document: Document): Product {
    return { id: Number(document['_id']), name: document['name'] as string }
  }
  protected async entityToDocument({ id, ...product }: Product) {
    return { _id: id, ...product }
  }
}
declare const products: Products

describe('DocumentRepository<TEntity, TKey>', () => {
  it('gives entities, and errors as values where one must exist', () => {
    expectTypeOf(products.find(1)).resolves.toEqualTypeOf<Product | null>()
    expectTypeOf(products.get(1)).resolves.toEqualTypeOf<Result<Product, NotFoundError>>()
    // @ts-expect-error half a product
    void products.save({ id: 1 })
    // @ts-expect-error keys are numbers
    void products.find('1')
  })

  it('checks specifications against the entity', () => {
    void products.findBySpec(fieldEq('name', 'x').and(fieldGt('id', 1)))
    void products.count(fieldEq('name', 'x'))
    // @ts-expect-error no such field
    void products.findBySpec(fieldEq('nam', 'x'))
    // @ts-expect-error projections would make half an entity
    void products.findByFilter({}, { projection: { name: 1 } })
  })

  it('keeps its collection and mapping to itself', () => {
    // @ts-expect-error protected
    void products.collectionName
    // @ts-expect-error protected
    void products.collection()
  })
})
