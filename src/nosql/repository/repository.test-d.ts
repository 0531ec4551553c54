import { describe, expectTypeOf, it } from 'vitest'
import type { NotFoundError } from '../../core/errors.ts'
import type { Result } from '../../core/result/result.ts'
import { fieldEq, fieldGt } from '../../core/specification/field.ts'
import { DocumentQueryBuilder } from '../builder/query-builder.ts'
import type { Collection } from '../collection/collection.ts'
import type { Cursor } from '../collection/reading/cursor.ts'
import type { Document } from '../query/value.ts'
import type { Repository } from '../../core/repository/repository.ts'
import { DocumentRepository } from './repository.ts'

interface Product {
  readonly id: number
  readonly name: string
  readonly price: number
}

class Products extends DocumentRepository<Product, number> {
  protected readonly collectionName = 'products'
  protected documentToEntity(document: Document): Product {
    return { id: Number(document['_id']), name: String(document['name']), price: Number(document['price']) }
  }
  protected async entityToDocument({ id, ...product }: Product) {
    return { _id: id, ...product }
  }
}

interface BookDocument {
  readonly _id: string
  readonly title: string
  readonly by: { readonly name: string }
}

interface Book {
  readonly isbn: string
  readonly title: string
  readonly author: string
}

class Books extends DocumentRepository<Book, string, BookDocument> {
  protected readonly collectionName = 'books'
  protected documentToEntity({ _id, title, by }: BookDocument): Book {
    return { isbn: _id, title, author: by.name }
  }
  protected entityToDocument({ isbn, title, author }: Book) {
    return { _id: isbn, title, by: { name: author } }
  }
  own() {
    return this.collection()
  }
}

declare const products: Products
declare const books: Books

describe('DocumentRepository<TEntity, TKey>', () => {
  it('returns entities, and errors as values where one must exist', () => {
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

  it('checks filters and sorts against the fields of the entity, with _id in the place of its id', () => {
    void products.findByFilter({ name: 'x', price: { $gt: 1 }, _id: 1 }, { sort: { price: -1 } })
    void products.page({ where: { price: { $lt: 3 } }, sort: [['price', 'desc']] })
    void products.count({ _deleted: true }, { includeDeleted: true })
    // @ts-expect-error misspelt
    void products.findByFilter({ naame: 'x' })
    // @ts-expect-error text
    void products.findByFilter({ price: 'x' })
    // @ts-expect-error documents have _id
    void products.findByFilter({ id: 1 })
    // @ts-expect-error misspelt
    void products.list({ sort: { pricee: 1 } })
    // @ts-expect-error misspelt
    void products.count({ pricee: 1 })
  })

  it('takes what a query builder made for the entity', () => {
    const { filter, ...options } = new DocumentQueryBuilder<Product>().whereGt('price', 1).sortBy('name').build()
    expectTypeOf(products.findByFilter(filter, options)).resolves.toEqualTypeOf<Product[]>()
  })

  it('deletes by id, by version, or an entity', () => {
    void products.delete(1, { version: 3 })
    void products.delete({ id: 1, name: 'x', price: 1 }, { hard: true })
    // @ts-expect-error keys are numbers
    void products.delete('1')
    // @ts-expect-error versions are numbers
    void products.delete(1, { version: 'x' })
  })

  it('lets an aggregation say what it returns', () => {
    expectTypeOf(products.aggregate<{ total: number }>([])).toEqualTypeOf<Cursor<{ total: number }>>()
  })

  it('keeps its collection and mapping to itself', () => {
    // @ts-expect-error protected
    void products.collectionName
    // @ts-expect-error protected
    void products.collection()
  })
})

describe('Repository<TEntity, TKey>', () => {
  it('is what document repositories are, with types of documents and without', () => {
    expectTypeOf<Products>().toExtend<Repository<Product, number>>()
    const repository: Repository<Product, number> = products
    void repository.list({ sort: [['id', 'desc']] })
    // @ts-expect-error misspelt
    void repository.list({ sort: [['idd', 'desc']] })
    // @ts-expect-error keys are numbers
    void repository.find('1')
  })
})

describe('DocumentRepository<TEntity, TKey, TDocument>', () => {
  it('checks filters and sorts against the documents', () => {
    void books.findByFilter({ 'by.name': 'x' }, { sort: { title: 1 } })
    // @ts-expect-error a field of the entity
    void books.findByFilter({ author: 'x' })
    // @ts-expect-error misspelt
    void books.findByFilter({ 'by.naame': 'x' })
  })

  it('has a collection of such documents', () => {
    expectTypeOf(books.own()).toEqualTypeOf<Collection<BookDocument>>()
  })

  it('checks what the mapping returns', () => {
    class Wrong extends DocumentRepository<Book, string, BookDocument> {
      protected readonly collectionName = 'books'
      protected documentToEntity({ _id, title, by }: BookDocument): Book {
        return { isbn: _id, title, author: by.name }
      }
      // @ts-expect-error a title is text
      protected entityToDocument({ isbn }: Book) {
        return { _id: isbn, title: 3 }
      }
    }
    expectTypeOf<Wrong>().toExtend<object>()
  })
})
