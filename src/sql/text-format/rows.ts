import { decoderFor } from './decode.ts'
import type { RowSet } from '../contract/driver.ts'
import { setField } from '../../core/plain-object.ts'

/** Rows as objects, with how many a statement returned or affected. */
export type SqlRows<T = Record<string, unknown>> = T[] & { readonly rowCount: number }

/** Decodes a row set by the types of its columns; of two columns with one name the later wins. */
export function toRows<T>(set: RowSet): SqlRows<T> {
  const decoders = set.columns.map((column) => decoderFor(column.type))
  const rows = set.rows.map((cells) => {
    const row: Record<string, unknown> = {}
    set.columns.forEach(({ name }, i) => {
      const cell = cells[i]
      setField(row, name, cell === null || cell === undefined ? null : decoders[i]?.(cell))
    })
    return row
  })
  // The caller says what the columns are.
  return withRowCount(rows as T[], set.rowCount)
}

/** Not enumerable, so that rows compare and print as the array that they are. */
export function withRowCount<T>(rows: T[], rowCount: number): SqlRows<T> {
  return Object.defineProperty(rows, 'rowCount', { value: rowCount, configurable: true }) as SqlRows<T>
}
