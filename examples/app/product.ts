import * as v from 'valibot'

export interface Product {
  readonly id: string
  readonly name: string
  readonly stock: number
  /** Counts changes; absent until the product is stored. */
  readonly version?: number
}

const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))
const stock = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000))

/** What a client sends to create a product; the id is its own choice, so that a repeated request is a duplicate. */
export const NewProduct = v.object({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/)),
  name,
  stock: v.optional(stock, 0),
})

export const StockChange = v.object({ by: v.pipe(v.number(), v.integer()) })

/** What clients see of a product. */
export function toView({ id, name, stock }: Product) {
  return { id, name, stock }
}
