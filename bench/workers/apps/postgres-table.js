import { eq } from 'drizzle-orm'
import { pgTable, text } from 'drizzle-orm/pg-core'

export const products = pgTable('products', { id: text().primaryKey(), name: text().notNull() })

export const whereId = (id) => eq(products.id, id)
