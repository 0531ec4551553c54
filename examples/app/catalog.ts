import { provider } from 'lexigram-edge'
import { CatalogConfig } from './config.ts'
import { DocumentProducts } from './document-products.ts'
import { ProductRepository, Products } from './products.ts'
import { SqlProducts } from './sql-products.ts'

/** The domain, and the repository that configuration chooses for it. */
export const catalog = provider('catalog', {
  register(container, { config }) {
    if (config(CatalogConfig).store === 'sql') container.scoped(ProductRepository, SqlProducts)
    else container.scoped(ProductRepository, DocumentProducts)
    container.scoped(Products, Products)
  },
})
