import { pgTable, text } from 'drizzle-orm/pg-core'

export const notes = pgTable('notes', { id: text().primaryKey(), text: text().notNull() })
