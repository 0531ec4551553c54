import { asc, eq, sql } from 'drizzle-orm'
import { attempt, ConflictError, DuplicateKeyError, err, NotFoundError, ok, provider } from 'lexigram-edge'
import { TransactionalDbSession } from 'lexigram-edge/sql'
import { CatalogConfig } from './config.ts'
import type { Product } from './product.ts'
import { ProductRepository } from './products.ts'
import { products } from './schema.ts'

export class SqlProductRepository implements ProductRepository {
  static readonly inject = [TransactionalDbSession, CatalogConfig] as const
  readonly #session: TransactionalDbSession
  readonly #pageSize: number

  constructor(session: TransactionalDbSession, config: CatalogConfig) {
    this.#session = session
    this.#pageSize = config.pageSize
  }

  async list() {
    return await this.#session.db.select().from(products).orderBy(asc(products.id)).limit(this.#pageSize)
  }

  async find(id: string) {
    const [found] = await this.#session.db.select().from(products).where(eq(products.id, id))
    return found === undefined ? err(new NotFoundError('no product has this id')) : ok(found)
  }

  async add(product: Product) {
    return attempt(
      async () => {
        await this.#session.db.insert(products).values(product)
        return product
      },
      (error) => {
        if (error instanceof DuplicateKeyError) return error
        throw error
      },
    )
  }

  async adjustStock(id: string, by: number) {
    // An `Err` that the callback returns rolls back, as a throw would.
    return this.#session.transaction(async ({ db }) => {
      const [found] = await db.select().from(products).where(eq(products.id, id)).for('update')
      if (found === undefined) return err(new NotFoundError('no product has this id'))
      if (found.stock + by < 0) return err(new ConflictError('there is not enough stock'))
      const changed = { ...found, stock: found.stock + by }
      await db
        .update(products)
        .set({ stock: sql`${products.stock} + ${by}` })
        .where(eq(products.id, id))
      return ok(changed)
    })
  }

  async delete(id: string) {
    const deleted = await this.#session.db.delete(products).where(eq(products.id, id)).returning({ id: products.id })
    return deleted.length > 0 ? ok() : err(new NotFoundError('no product has this id'))
  }
}

export const catalog = provider('catalog', {
  register(container) {
    container.scoped(ProductRepository, SqlProductRepository)
  },
})
