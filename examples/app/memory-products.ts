import { ConflictError, DuplicateKeyError, err, NotFoundError, ok, provider } from 'lexigram-edge'
import type { Product } from './product.ts'
import { ProductRepository } from './products.ts'

/** Products in a `Map`: what tests register instead of the SQL repository. */
export class InMemoryProductRepository implements ProductRepository {
  readonly #products = new Map<string, Product>()

  async list() {
    return [...this.#products.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  async find(id: string) {
    const found = this.#products.get(id)
    return found === undefined ? err(new NotFoundError('no product has this id')) : ok(found)
  }

  async add(product: Product) {
    if (this.#products.has(product.id)) return err(new DuplicateKeyError('a product with this id exists'))
    this.#products.set(product.id, product)
    return ok(product)
  }

  async adjustStock(id: string, by: number) {
    // Nothing is awaited between reading and writing, so two changes cannot overwrite each other.
    const found = this.#products.get(id)
    if (found === undefined) return err(new NotFoundError('no product has this id'))
    if (found.stock + by < 0) return err(new ConflictError('there is not enough stock'))
    const changed = { ...found, stock: found.stock + by }
    this.#products.set(id, changed)
    return ok(changed)
  }

  async delete(id: string) {
    return this.#products.delete(id) ? ok() : err(new NotFoundError('no product has this id'))
  }
}

/** Takes the place of `catalog` in tests. */
export const memoryCatalog = provider('catalog', {
  register(container) {
    container.singleton(ProductRepository, InMemoryProductRepository)
  },
})
