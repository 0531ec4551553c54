import { provider, type Registrar } from 'lexigram-edge'
import { CatalogConfig } from './config.ts'
import { DocumentProducts } from './document-products.ts'
import { ProductRepository, Products } from './products.ts'
import { SqlProducts } from './sql-products.ts'

/** The domain, over rows of a table or documents of a collection. */
const stores = {
  sql(container: Registrar) {
    container.scoped(ProductRepository, SqlProducts)
    container.scoped(Products, Products)
  },
  documents(container: Registrar) {
    container.scoped(ProductRepository, DocumentProducts)
    container.scoped(Products, Products)
  },
}

export const catalog = provider('catalog', {
  // What `checkGraph` goes through, where there is no configuration.
  choices: Object.entries(stores).map(([name, register]) => ({ name, register })),
  register: (container, { config }) => stores[config(CatalogConfig).store](container),
})
