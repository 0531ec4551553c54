import {
  token,
  type ConflictError,
  type DuplicateKeyError,
  type NotFoundError,
  type Result,
  type Token,
} from 'lexigram-edge'
import type { Product } from './product.ts'

/** How the domain reaches its products, whatever keeps them. */
export interface ProductRepository {
  list(): Promise<Product[]>
  find(id: string): Promise<Result<Product, NotFoundError>>
  add(product: Product): Promise<Result<Product, DuplicateKeyError>>
  /** Changes the stock by a number of pieces; below zero is a conflict and changes nothing. */
  adjustStock(id: string, by: number): Promise<Result<Product, NotFoundError | ConflictError>>
  delete(id: string): Promise<Result<void, NotFoundError>>
}

export const ProductRepository: Token<ProductRepository> = token<ProductRepository>('ProductRepository')
