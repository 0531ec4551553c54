/** Values that stand in filters and updates: checked, copied, and free of what no backend can hold. */

import { badValue, inside } from './refusal.ts'
import { isDocument, setField, type Value } from './value.ts'

const maxDepth = 100
const minInt64 = -(2n ** 63n)
const maxInt64 = 2n ** 63n - 1n

export function isInt64(value: bigint): boolean {
  return value >= minInt64 && value <= maxInt64
}

/**
 * A copy of a value from a filter.
 *
 * @throws NoSQLFilterError for `undefined`, functions, symbols, foreign classes, NaN and infinities, invalid dates,
 *   bigints beyond 64 bits, and nesting that is too deep
 */
export function filterLiteral(value: unknown, path: string, depth = 0): Value {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      if (!Number.isFinite(value)) throw badValue('a number must be finite', path)
      return value
    case 'bigint':
      if (!isInt64(value)) throw badValue('a bigint must fit in 64 bits', path)
      return value
    case 'object':
      return value === null ? null : objectLiteral(value, path, depth)
    case 'undefined':
      throw badValue('undefined cannot be compared with', path, 'Use null, or $exists to ask whether a field is there.')
    case 'function':
    case 'symbol':
    default:
      throw badValue(`a ${typeof value} is not a value`, path)
  }
}

function objectLiteral(value: object, path: string, depth: number): Value {
  if (depth >= maxDepth) throw badValue(`values nest at most ${maxDepth} deep`, path)
  if (Array.isArray(value)) return value.map((element, index) => filterLiteral(element, inside(path, index), depth + 1))
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw badValue('a date must be valid', path)
    return new Date(value)
  }
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (value instanceof RegExp) throw badValue('a regular expression is not a value', path, 'Use $regex or $in.')
  if (!isDocument(value)) {
    throw badValue('an object of a class is not a portable value', path, 'Pass plain objects, arrays, dates or bytes.')
  }
  const copy: Record<string, Value> = {}
  for (const [key, inner] of Object.entries(value)) {
    setField(copy, key, filterLiteral(inner, inside(path, key), depth + 1))
  }
  return copy
}
