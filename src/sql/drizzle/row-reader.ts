import type { PgColumn } from 'drizzle-orm/pg-core'
import type { RowSet } from '../contract/driver.ts'
import { cellReader } from './row-mapper.ts'

/** Reads rows whose cells are the columns of a table, in order, after `skip` others. */
export function readTableRows(
  columns: readonly { readonly key: string; readonly column: PgColumn }[],
  set: RowSet,
  skip = 0,
): Record<string, unknown>[] {
  const cells = columns.map(({ column }, i) => cellReader({ field: column }, set.columns[skip + i]?.type ?? 25))
  return set.rows.map((row) => {
    const result: Record<string, unknown> = {}
    columns.forEach(({ key }, i) => {
      result[key] = cells[i]?.(row[skip + i] ?? null)
    })
    return result
  })
}
