import type { PgColumn } from 'drizzle-orm/pg-core'
import type { RowSet } from '../contract/driver.ts'
import { setField } from '../../core/plain-object.ts'
import { drizzle } from './drizzle.ts'
import { keyCheck } from './exact-reading.ts'
import { cellReader, type CellReader } from './row-mapper.ts'

/** One column of the rows that are read. */
export interface ReadColumn {
  readonly key: string
  readonly column: PgColumn
  /** Whether rows are found by it. @default false */
  readonly isKey?: boolean
}

/** Reads rows whose cells are the columns of a table, in order, after `skip` others. */
export type TableReader = (set: RowSet, skip?: number) => Record<string, unknown>[]

/** How cells are read depends on their types, which are the same from answer to answer: it is worked out once. */
export function tableReader(columns: readonly ReadColumn[]): TableReader {
  let types: readonly number[] = []
  let cells: readonly CellReader[] = []
  const keys = columns.map(({ key }) => key)
  const typeOf = (set: RowSet, place: number): number => set.columns[place]?.type ?? 25
  return (set, skip = 0) => {
    if (types.length === 0 || types.some((type, i) => type !== typeOf(set, skip + i))) {
      types = columns.map((_, i) => typeOf(set, skip + i))
      cells = columns.map((column, i) => readerOf(column, types[i] ?? 25))
    }
    const readers = cells
    return set.rows.map((row) => {
      const result: Record<string, unknown> = {}
      for (let i = 0; i < keys.length; i++) setField(result, keys[i] ?? '', readers[i]?.(row[skip + i] ?? null))
      return result
    })
  }
}

function readerOf({ column, isKey = false }: ReadColumn, type: number): CellReader {
  const read = cellReader({ field: column }, { columns: drizzle, type })
  const check = isKey ? keyCheck(column) : undefined
  if (check === undefined) return read
  return (cell) => {
    check(cell)
    return read(cell)
  }
}
