import type { PgColumn } from 'drizzle-orm/pg-core'
import type { RowSet } from '../contract/driver.ts'
import { setField } from '../../core/plain-object.ts'
import { drizzle } from './drizzle.ts'
import { cellReader, type CellReader } from './row-mapper.ts'

/** Reads rows whose cells are the columns of a table, in order, after `skip` others. */
export type TableReader = (set: RowSet, skip?: number) => Record<string, unknown>[]

/** How cells are read depends on their types, which are the same from answer to answer: it is worked out once. */
export function tableReader(columns: readonly { readonly key: string; readonly column: PgColumn }[]): TableReader {
  let types: readonly number[] = []
  let cells: readonly CellReader[] = []
  const keys = columns.map(({ key }) => key)
  const typeOf = (set: RowSet, place: number): number => set.columns[place]?.type ?? 25
  return (set, skip = 0) => {
    if (types.length === 0 || types.some((type, i) => type !== typeOf(set, skip + i))) {
      types = columns.map((_, i) => typeOf(set, skip + i))
      cells = columns.map(({ column }, i) => cellReader({ field: column }, { columns: drizzle, type: types[i] ?? 25 }))
    }
    const readers = cells
    return set.rows.map((row) => {
      const result: Record<string, unknown> = {}
      for (let i = 0; i < keys.length; i++) setField(result, keys[i] ?? '', readers[i]?.(row[skip + i] ?? null))
      return result
    })
  }
}
