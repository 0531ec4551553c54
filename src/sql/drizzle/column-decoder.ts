import { is, type Column } from 'drizzle-orm'
import { PgArray } from 'drizzle-orm/pg-core'
import { parseArrayLiteral } from '../text-format/array-literal.ts'
import { parseInstant } from '../text-format/instant.ts'

/** What a column makes of a value that is not null. Drizzle's own reading of some dates is another instant. */
export function columnDecoder(column: Column): (value: unknown) => unknown {
  if (is(column, PgArray)) {
    const decode = columnDecoder(column.baseColumn) // its type does not say what it is
    // Of an array type that is not known by its number, such as an enum's, the text has come as it is.
    return (value) => decodeElements(typeof value === 'string' ? parseArrayLiteral(value) : value, decode)
  }
  const { columnType } = column
  if (columnType !== 'PgTimestamp' && columnType !== 'PgDate') return (value) => column.mapFromDriverValue(value)
  return (value) => (typeof value === 'string' && parseInstant(value)) || column.mapFromDriverValue(value)
}

function decodeElements(elements: unknown, decode: (value: unknown) => unknown): unknown {
  if (!Array.isArray(elements)) return elements
  return elements.map((element) => (element === null ? null : decode(element)))
}
