import { is, SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
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
 * @throws UsageError for a value that the column cannot write, such as a text for a date
 */
export function columnValue({ key, column }: NamedColumn, value: unknown): Fragment {
  if (value === null) return bound(null)
  if (is(value, SQL)) return ['(', value, ')']
  let written: unknown
  try {
    written = column.mapToDriverValue(value)
    if (!is(written, SQL)) return bound(encodeParam(written))
  } catch (cause) {
    throw new UsageError(`the value of '${key}' must be of its column's type, ${column.getSQLType()}`, { cause })
  }
  return ['(', written, ')']
}
