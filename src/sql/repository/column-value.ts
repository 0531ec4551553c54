import { is, SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import { DataError } from '../errors.ts'
import { drizzle, kindOf, sqlTypeOf } from '../drizzle/drizzle.ts'
import { encodeParam } from '../text-format/encode.ts'
import { bound, type Fragment } from './fragment.ts'

/** A column with its key in the table. */
export interface NamedColumn {
  readonly key: string
  readonly column: PgColumn
}

/**
 * A value as a column writes it. NULL stays NULL, whatever the column would make of it.
 *
 * @throws UsageError for a value that the column cannot write, such as text for a date, or an object for text
 * @throws DataError for text that no database stores
 */
export function columnValue({ key, column }: NamedColumn, value: unknown): Fragment {
  if (value === null) return bound(null)
  if (is(value, SQL)) return ['(', value, ')']
  let written: unknown
  try {
    assertDate(column, value)
    written = drizzle.write(column, value)
    if (!is(written, SQL)) return bound(encodeParam(assertText(column, areDates(column, value) ? value : written)))
  } catch (cause) {
    if (cause instanceof DataError) throw cause
    throw new UsageError(`the value of '${key}' must be of its column's type, ${sqlTypeOf(column)}`, { cause })
  }
  return ['(', written, ')']
}

/** Not every version of Drizzle refuses another value: the database would read a text by its own settings. */
function assertDate(column: PgColumn, value: unknown): void {
  const { columnType } = column
  if (columnType !== 'PgDate' && columnType !== 'PgTimestamp') return
  const { depth = 0 } = drizzle.elementsOf(column) ?? {}
  const values: readonly unknown[] = depth > 0 && Array.isArray(value) ? value.flat(depth - 1) : [value]
  const areDates = values.every((one) => one instanceof Date || (depth > 0 && one === null))
  if (!areDates) throw new UsageError('a date must be a Date')
}

/** Drizzle writes them in ISO 8601, whose signed years, before 0 and of more than four digits, the database does not know. */
function areDates(column: PgColumn, value: unknown): boolean {
  if (!(value instanceof Date || Array.isArray(value))) return false
  const { leaf = column } = drizzle.elementsOf(column) ?? {}
  return leaf.columnType === 'PgDate' || leaf.columnType === 'PgTimestamp'
}

/** As a parameter an object becomes JSON, which a column of text would take. A date is written as one. */
function assertText(column: PgColumn, written: unknown): unknown {
  const isObject = typeof written === 'object' && written !== null && !(written instanceof Date)
  if (isObject && kindOf(column) === 'string') throw new UsageError('an object cannot be stored as text')
  return written
}
