import { eq } from 'drizzle-orm'
import { integer, pgTable, text } from 'drizzle-orm/pg-core'

const products = pgTable('products', { id: text().primaryKey(), name: text().notNull(), price: integer().notNull() })

/** The statement only: what a database takes to answer is not measured. */
export const find = (db, id) => db.select().from(products).where(eq(products.id, id)).toSQL()
