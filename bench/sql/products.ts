import { boolean, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import type { ResultColumn, SqlText } from '../../src/sql/contract/driver.ts'

/** The table of the benchmarks. */
export const products = pgTable('products', {
  id: text().primaryKey(),
  name: text().notNull(),
  stock: integer().notNull(),
  sold: boolean().notNull(),
  changed: timestamp({ withTimezone: true }).notNull(),
})

export interface Product {
  readonly id: string
  readonly name: string
  readonly stock: number
  readonly sold: boolean
  readonly changed: Date
}

export const columns: readonly ResultColumn[] = [
  { name: 'id', type: 25 },
  { name: 'name', type: 25 },
  { name: 'stock', type: 23 },
  { name: 'sold', type: 16 },
  { name: 'changed', type: 1184 },
]

const changed = '2026-11-28 10:35:29.125+00'

/** Rows as the server sends them. */
export const rows: readonly (readonly SqlText[])[] = Array.from({ length: 21 }, (_, i) => [
  `product-${i}`,
  `Product number ${i}`,
  String(i),
  i % 2 === 0 ? 't' : 'f',
  changed,
])

/** As node-postgres parses a row, too. */
export function byHand(row: readonly SqlText[]): Product {
  return {
    id: row[0]!,
    name: row[1]!,
    stock: Number(row[2]),
    sold: row[3] === 't',
    changed: new Date(row[4]!.replace(' ', 'T').replace('+00', 'Z')),
  }
}

/** A row as node-postgres parses it, but for its date, which the libraries that ask for it as text parse themselves. */
export function parse(row: readonly SqlText[]): unknown[] {
  return row.map((cell, i) => (i === 2 ? Number(cell) : i === 3 ? cell === 't' : cell))
}

export const entities: readonly Product[] = rows.map(byHand)

/** What all cases have to come to. */
export function total(found: readonly Product[]): number {
  let sum = 0
  for (const { id, stock, sold, changed: at } of found) sum += id.length + stock + Number(sold) + (at.getTime() % 1000)
  return sum
}
