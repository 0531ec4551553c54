import { UsageError } from '../../core/errors.ts'
import { columnValue, type NamedColumn } from './column-value.ts'
import { isWholeNumber } from '../drizzle/exact-reading.ts'
import { formatArrayLiteral } from '../text-format/array-literal.ts'
import { allOf, bound, isBound, join, type Fragment } from './fragment.ts'
import type { Source } from './source.ts'

/** What one column of a primary key may be. */
export type SqlKeyPart = string | number | bigint | boolean | Date | Uint8Array

/** A primary key: its value, or its values by the keys of the table where it has several columns. */
export type SqlKey = SqlKeyPart | Readonly<Record<string, SqlKeyPart>>

/** @throws UsageError for what cannot be a key of the table */
export function isKey(source: Source, id: unknown): Fragment {
  const values = keyValues(source, id)
  return allOf(source.shape.keys.map(({ column }, i) => [source.names.full(column), ' = ', values[i] ?? '']))
}

/** Most keys of several columns in one statement: the database nests one comparison in the other, and runs out of stack. */
const mostTuples = 1_000

/**
 * Conditions that find the rows of all keys, each few enough for one statement. Keys of one column are one parameter.
 *
 * @throws UsageError for what cannot be a key of the table
 */
export function isOneOfKeys(source: Source, given: readonly unknown[]): Fragment[] {
  const ids = Array.from(given)
  const { keys } = source.shape
  const [only, ...others] = keys
  if (only !== undefined && others.length === 0) {
    const values = ids.map((id) => keyValue(only, id)).filter(isBound)
    if (values.length === ids.length) {
      const list = formatArrayLiteral(values.map(({ bound: text }) => text))
      return [[source.names.full(only.column), ' = any(', bound(list), ')']]
    }
  }
  const starts = Array.from({ length: Math.ceil(ids.length / mostTuples) }, (_, i) => i * mostTuples)
  const chunks = starts.map((start) => ids.slice(start, start + mostTuples))
  return chunks.map((chunk) => isAmong(source, chunk))
}

/** One parameter for each value, in one list. */
function isAmong(source: Source, ids: readonly unknown[]): Fragment {
  const columns = source.shape.keys.map(({ column }) => source.names.full(column))
  const tuples = ids.map((id) => ['(', join(keyValues(source, id), ', '), ')'])
  return ['(', columns.join(', '), ') in (', join(tuples, ', '), ')']
}

/** The value of each column of the key. @throws UsageError for what cannot be a key of the table */
export function keyValues({ shape }: Source, id: unknown): Fragment[] {
  const [first, ...others] = shape.keys
  if (first !== undefined && others.length === 0) return [keyValue(first, id)]
  const given = typeof id === 'object' && id !== null && !Array.isArray(id) ? id : undefined
  const names = Object.keys(given ?? {})
  if (given === undefined || names.length !== shape.keys.length) throw notOneKey(shape.keys)
  return shape.keys.map((named) => {
    if (!Object.hasOwn(given, named.key)) throw notOneKey(shape.keys)
    return keyValue(named, Reflect.get(given, named.key))
  })
}

function keyValue(named: NamedColumn, value: unknown): Fragment {
  const isObject = typeof value === 'object' && value !== null
  const isPart = isObject
    ? value instanceof Date || value instanceof Uint8Array
    : ['string', 'bigint', 'boolean'].includes(typeof value) || isNumber(named, value)
  if (isPart) return columnValue(named, value)
  throw new UsageError(`an id must be a value of the column '${named.key}'`, {
    hint: 'Pass text, a finite number, a bigint or a date.',
  })
}

/** One that is rounded would be another row's. */
function isNumber({ column }: NamedColumn, value: unknown): boolean {
  return isWholeNumber(column) ? Number.isSafeInteger(value) : Number.isFinite(value)
}

function notOneKey(keys: readonly NamedColumn[]): UsageError {
  const names = keys.map(({ key }) => key).join(', ')
  return new UsageError(`an id of this table must be an object with ${names}`)
}
