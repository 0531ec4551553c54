import { DbSession, SqlRepository } from 'lexigram-edge/sql'
import type { Product } from './product.ts'
import { products } from './schema.ts'

/** Products as rows of a table. */
export class SqlProducts extends SqlRepository<typeof products, Product> {
  static readonly inject = [DbSession] as const

  constructor(session: DbSession) {
    super(products, session, { toEntity: (row) => row, toRow: (product) => product }, { version: 'version' })
  }
}
