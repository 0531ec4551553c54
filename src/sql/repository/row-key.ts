import { UsageError } from '../../core/errors.ts'
import { columnValue, type NamedColumn } from './column-value.ts'
import { allOf, join, type Fragment } from './fragment.ts'
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

/** One parameter for each value, in one list. @throws UsageError for what cannot be a key of the table */
export function isOneOfKeys(source: Source, ids: readonly unknown[]): Fragment {
  const columns = source.shape.keys.map(({ column }) => source.names.full(column))
  const tuples = ids.map((id) => ['(', join(keyValues(source, id), ', '), ')'])
  return ['(', columns.join(', '), ') in (', join(tuples, ', '), ')']
}

function keyValues({ shape }: Source, id: unknown): Fragment[] {
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
    : ['string', 'bigint', 'boolean'].includes(typeof value) || Number.isFinite(value)
  if (isPart) return columnValue(named, value)
  throw new UsageError(`an id must be a value of the column '${named.key}'`, {
    hint: 'Pass text, a finite number, a bigint or a date.',
  })
}

function notOneKey(keys: readonly NamedColumn[]): UsageError {
  const names = keys.map(({ key }) => key).join(', ')
  return new UsageError(`an id of this table must be an object with ${names}`)
}
