import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'

/** A foreign key of a table, as it is declared. */
export interface Reference {
  readonly columns: readonly PgColumn[]
  readonly foreignTable: PgTable
  readonly foreignColumns: readonly PgColumn[]
}

const found = new WeakMap<PgTable, readonly Reference[]>()
const circles = new WeakMap<PgTable, ReadonlySet<PgTable>>()
const depths = new WeakMap<PgTable, number>()

export function referencesOf(table: PgTable): readonly Reference[] {
  let references = found.get(table)
  if (references === undefined) {
    references = getTableConfig(table).foreignKeys.map((key) => key.reference())
    found.set(table, references)
  }
  return references
}

/** The tables that it refers to and that refer back, itself among them; empty for one that is in no circle. */
export function circleOf(table: PgTable): ReadonlySet<PgTable> {
  let circle = circles.get(table)
  if (circle === undefined) {
    circle = new Set([...referredTo(table)].filter((other) => referredTo(other).has(table)))
    circles.set(table, circle)
  }
  return circle
}

/** How many tables are above this one: 0 for one that refers to no other. The tables of a circle are on one level. */
export function referenceDepth(table: PgTable): number {
  let depth = depths.get(table)
  if (depth === undefined) {
    const circle = circleOf(table)
    const parents = [table, ...circle].flatMap((member) => referencesOf(member).map(({ foreignTable }) => foreignTable))
    const above = parents.filter((parent) => !circle.has(parent)).map((parent) => referenceDepth(parent) + 1)
    depths.set(table, (depth = Math.max(0, ...above)))
  }
  return depth
}

/** All tables that can be reached, step by step. */
function referredTo(table: PgTable): Set<PgTable> {
  const reached = new Set<PgTable>()
  const left = [table]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const { foreignTable } of referencesOf(next)) {
      if (!reached.has(foreignTable)) left.push(foreignTable)
      reached.add(foreignTable)
    }
  }
  return reached
}
