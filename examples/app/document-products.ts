import { DocumentRepository, DocumentStore, type WithId } from 'lexigram-edge/nosql'
import { products } from './collections.ts'
import type { Product } from './product.ts'

type ProductDocument = Omit<Product, 'id'> & { readonly _id: string }

/** Products as documents of a collection. */
export class DocumentProducts extends DocumentRepository<Product, string, ProductDocument> {
  static readonly inject = [DocumentStore] as const
  protected readonly collectionName = products.name

  constructor(store: DocumentStore) {
    super(store, { version: true })
  }

  protected documentToEntity({ _id, ...product }: WithId<ProductDocument>): Product {
    return { id: _id, ...product }
  }

  protected entityToDocument({ id, ...product }: Product) {
    return { _id: id, ...product }
  }
}
