import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'

const depths = new WeakMap<PgTable, number>()

/**
 * How many tables stand above this one by the foreign keys that are declared: 0 for a table that refers to no other.
 * Tables that refer to each other in a circle have no order: the circle is cut where it was entered.
 */
export function referenceDepth(table: PgTable): number {
  let depth = depths.get(table)
  if (depth === undefined) depths.set(table, (depth = measure(table, new Map())))
  return depth
}

/** @param found what was measured on the way; 0 for those that are being measured */
function measure(table: PgTable, found: Map<PgTable, number>): number {
  const known = found.get(table)
  if (known !== undefined) return known
  found.set(table, 0)
  const parents = getTableConfig(table).foreignKeys.map((key) => key.reference().foreignTable)
  const above = parents.filter((parent) => parent !== table).map((parent) => measure(parent, found) + 1)
  const depth = Math.max(0, ...above)
  found.set(table, depth)
  return depth
}
