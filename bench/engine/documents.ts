/** What the engine's benchmarks read. */
export interface Item {
  readonly sku: string
  readonly qty: number
}

export interface Customer {
  readonly _id: number
  readonly status: string
  readonly age: number
  readonly address: { readonly city: string; readonly zip: number }
  readonly tags: readonly string[]
  readonly items: readonly Item[]
}

const cities = ['Rome', 'Oslo', 'Bern'] as const

export const customers: readonly Customer[] = Array.from({ length: 100_000 }, (_, i) => ({
  _id: i,
  status: i % 3 === 0 ? 'off' : 'active',
  age: i % 90,
  address: { city: cities[i % 3] ?? '', zip: i },
  tags: ['a', 'b', `t${i % 10}`],
  items: [
    { sku: `s${i % 5}`, qty: i % 7 },
    { sku: 'x', qty: 1 },
  ],
}))
