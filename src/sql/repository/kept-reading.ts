import { drizzle, sqlTypeOf } from '../drizzle/drizzle.ts'
import type { NamedColumn } from './column-value.ts'
import { isBound, type Fragment } from './fragment.ts'

/** What is written over the value of a row that is there. */
export interface Replacement {
  /** The value that the row has. */
  readonly current: string
  /** The value that it gets. */
  readonly next: Fragment
  /** Where `next` is the value of another row, what the column was given there. @default next */
  readonly given?: Fragment
}

/**
 * The value to write over another. A `Date` has no microseconds, and a number has few digits: what the column has is kept
 * where it reads as what it gets, so that an entity that is loaded and saved changes nothing.
 */
export function replacing({ column }: NamedColumn, { current, next, given = next }: Replacement): Fragment {
  const { leaf = column, depth = 0 } = drizzle.elementsOf(column) ?? {}
  const read = readings[leaf.columnType]
  if (read === undefined || !isRounded(leaf)) return next
  // An expression is for the database to decide.
  if (!isBound(given) || given.bound === null) return next
  if (depth === 0) return ['case when ', read(current), ' = ', next, ` then ${current} else `, next, ' end']
  const type = sqlTypeOf(column)
  const isRead = [elements(read, current), ' = ', elements(read, ['(', next, `)::${type}`])]
  const isAlike = [`array_dims(${current}) is not distinct from array_dims((`, next, `)::${type})`]
  const isKept = [`${current} is not null and `, isRead, ' and ', isAlike]
  return ['case when ', isKept, ` then ${current} else `, next, ' end']
}

type Reading = (value: Fragment) => Fragment

/** What a column reads, by its kind, as the database says it. */
const readings: Readonly<Record<string, Reading>> = {
  PgTimestamp: (value) => [`date_trunc('milliseconds', `, value, ')'],
  PgNumericNumber: (value) => [value, '::float8'],
}

/** The most digits after a point that a `Date` has, and of a number that any JavaScript number keeps. */
const mostDigits: Readonly<Record<string, number>> = { PgTimestamp: 3, PgNumericNumber: 15 }

function isRounded(column: NamedColumn['column']): boolean {
  const precision = 'precision' in column ? column.precision : undefined
  return typeof precision !== 'number' || precision > (mostDigits[column.columnType] ?? 0)
}

function elements(read: Reading, list: Fragment): Fragment {
  return ['array(select ', read('e'), ' from unnest(', list, ') with ordinality as u(e, i) order by i)']
}
