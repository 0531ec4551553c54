import { is, SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import { drizzle, kindOf, sqlTypeOf } from '../drizzle/drizzle.ts'
import { isWholeNumber } from '../drizzle/exact-reading.ts'
import { notJson } from '../text-format/encode.ts'
import type { NamedColumn } from './column-value.ts'

/** Those whose values are of one type in JavaScript. What others take, the column decides. */
const primitives = new Set(['string', 'number', 'bigint', 'boolean'])

/**
 * Refuses what the database would store as something else, and an entity that is read would have in another type: a number in
 * a column of text, `'5'` in one of numbers, an array with less or more dimensions.
 *
 * @throws UsageError which does not repeat the value
 */
export function assertGiven({ key, column }: NamedColumn, value: unknown): void {
  if (value === null || value === undefined || is(value, SQL)) return
  const elements = drizzle.elementsOf(column)
  const fits = elements === undefined ? isOfColumn(column, value) : isArrayOf(elements.leaf, value, elements.depth)
  if (!fits) throw new UsageError(`the value of '${key}' must be of its column's type, ${sqlTypeOf(column)}`)
}

function isOfColumn(column: PgColumn, value: unknown): boolean {
  if (column.columnType === 'PgJson' || column.columnType === 'PgJsonb') return isJson(value)
  if (column.getSQLType() === 'bytea') return typeof value === 'string' || isBytes.test(tagOf(value))
  const kind = kindOf(column)
  if (isWholeNumber(column)) return Number.isSafeInteger(value)
  return !primitives.has(kind) || typeof value === kind
}

/** A text may be what a column of one's own makes bytes of. */
const isBytes = /^\[object (?:Uint8Array|ArrayBuffer|DataView)\]$/

const tagOf = (value: unknown): string => Object.prototype.toString.call(value)

/** Whether JSON keeps all of it. Members that are undefined are absent, and `toJSON` says what a value is. */
function isJson(value: unknown): boolean {
  let isKept = true
  const check = function (this: unknown, key: string, part: unknown): unknown {
    const given: unknown = Reflect.get(Object(this), key)
    // Some say themselves what they are, such as the bytes of Node, which would be an object of numbers.
    isKept &&= keepsPart(part, Array.isArray(this)) && !notJson.test(tagOf(given)) && !isInvalidDate(given)
    return part
  }
  try {
    JSON.stringify(value, check)
  } catch {
    // A cycle, a bigint, or more levels than the stack holds.
    return false
  }
  return isKept
}

function isInvalidDate(value: unknown): boolean {
  return tagOf(value) === '[object Date]' && Number.isNaN(Number(value))
}

function keepsPart(part: unknown, isElement: boolean): boolean {
  if (part === undefined) return !isElement
  if (typeof part === 'number') return Number.isFinite(part)
  if (typeof part === 'function' || typeof part === 'symbol') return false
  return !notJson.test(tagOf(part))
}

/** The database has arrays of equal length only, and knows no dimension of one that is empty. */
function isArrayOf(leaf: PgColumn, value: unknown, depth: number): boolean {
  if (!Array.isArray(value)) return false
  // A copy has no holes.
  const elements = Array.from<unknown>(value)
  if (depth === 1) return elements.every((element) => element === null || isElement(leaf, element))
  return elements.every(
    (element) => Array.isArray(element) && element.length > 0 && isArrayOf(leaf, element, depth - 1),
  )
}

function isElement(leaf: PgColumn, element: unknown): boolean {
  return element !== undefined && isOfColumn(leaf, element)
}
