import {
  attempt,
  ConflictError,
  DuplicateKeyError,
  err,
  NotFoundError,
  ok,
  OptimisticLockError,
  token,
  type Repository,
  type Result,
  type Token,
} from 'lexigram-edge'
import { CatalogConfig } from './config.ts'
import type { Product } from './product.ts'

/** How the domain reaches its products, whatever database keeps them. */
export type ProductRepository = Repository<Product>
export const ProductRepository: Token<ProductRepository> = token<ProductRepository>('ProductRepository')

/** How often a change is tried again after another request changed the same product first. */
const maxAttempts = 50

/** The catalogue: what holds for products, whatever database keeps them. */
export class Products {
  static readonly inject = [ProductRepository, CatalogConfig] as const
  readonly #repository: ProductRepository
  readonly #pageSize: number

  constructor(repository: ProductRepository, config: CatalogConfig) {
    this.#repository = repository
    this.#pageSize = config.pageSize
  }

  list(): Promise<Product[]> {
    return this.#repository.list({ sort: [['id', 'asc']], limit: this.#pageSize })
  }

  find(id: string): Promise<Result<Product, NotFoundError>> {
    return this.#repository.get(id)
  }

  add(product: Product): Promise<Result<Product, DuplicateKeyError>> {
    return attempt(
      () => this.#repository.save(product),
      (error) => {
        if (error instanceof DuplicateKeyError) return error
        throw error
      },
    )
  }

  /** Changes the stock by a number of pieces. Below zero is a conflict and changes nothing. */
  async adjustStock(id: string, by: number): Promise<Result<Product, NotFoundError | ConflictError>> {
    for (let tries = 0; tries < maxAttempts; tries++) {
      const found = await this.#repository.get(id)
      if (!found.ok) return found
      const stock = found.value.stock + by
      if (stock < 0) return err(new ConflictError('there is not enough stock'))
      try {
        return ok(await this.#repository.save({ ...found.value, stock }))
      } catch (error) {
        if (!(error instanceof OptimisticLockError)) throw error
      }
    }
    return err(new ConflictError('too many requests change this product at once'))
  }

  async delete(id: string): Promise<Result<void, NotFoundError>> {
    return (await this.#repository.delete(id)) ? ok() : err(new NotFoundError('no product has this id'))
  }
}
