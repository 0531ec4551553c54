import { relations } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  integer,
  interval,
  jsonb,
  numeric,
  pgTable,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

export const orders = pgTable('conformance_orders', {
  id: integer().primaryKey(),
  customer: text().notNull(),
  total: integer().notNull(),
  version: integer().notNull().default(1),
})

export const lines = pgTable('conformance_lines', {
  id: integer().primaryKey(),
  orderId: integer('order_id')
    .notNull()
    .references(() => orders.id),
  note: text(),
})

export const values = pgTable('conformance_values', {
  id: integer().primaryKey(),
  flag: boolean(),
  small: smallint(),
  large: bigint({ mode: 'bigint' }),
  amount: numeric({ precision: 12, scale: 2 }),
  ratio: doublePrecision(),
  body: text(),
  code: uuid(),
  day: date(),
  moment: timestamp({ withTimezone: true }),
  clock: timestamp({ mode: 'string' }),
  span: interval(),
  document: jsonb(),
  bytes: bytea(),
  numbers: integer().array(),
  words: text().array(),
})

const orderRelations = relations(orders, ({ many }) => ({ lines: many(lines) }))
const lineRelations = relations(lines, ({ one }) => ({
  order: one(orders, { fields: [lines.orderId], references: [orders.id] }),
}))

export const conformanceSchema = { orders, lines, values, orderRelations, lineRelations }
export type ConformanceSchema = typeof conformanceSchema
