import * as drizzle from 'drizzle-orm'
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
import type { Schema } from '../../sql/drizzle/version.ts'

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

const tables = { orders, lines, values }

/** The tables and how they are related, as the version of Drizzle at hand takes it. */
export const conformanceSchema: Schema =
  drizzle.relations === undefined ? withRelations1() : { ...tables, ...relations0() }

function relations0(): Schema {
  return {
    orderRelations: drizzle.relations(orders, ({ many }) => ({ lines: many(lines) })),
    lineRelations: drizzle.relations(lines, ({ one }) => ({
      order: one(orders, { fields: [lines.orderId], references: [orders.id] }),
    })),
  }
}

/** What 1.x has, and the types of 0.x do not. */
interface Drizzle1 {
  defineRelations(schema: object, relations: (r: Relations1) => object): Schema
}

interface Relations1 {
  readonly many: { lines(): unknown }
  readonly one: { orders(through: { readonly from: unknown; readonly to: unknown }): unknown }
  readonly lines: { readonly orderId: unknown }
  readonly orders: { readonly id: unknown }
}

function withRelations1(): Schema {
  // Only called with 1.x.
  const { defineRelations } = drizzle as unknown as Drizzle1
  return defineRelations(tables, (r) => ({
    orders: { lines: r.many.lines() },
    lines: { order: r.one.orders({ from: r.lines.orderId, to: r.orders.id }) },
  }))
}
