import { integer, pgTable, text } from 'drizzle-orm/pg-core'

export const products = pgTable('products', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  stock: integer('stock').notNull().default(0),
  version: integer('version').notNull().default(1),
})
