/** Values that stand in filters and updates: checked, copied, and free of what no backend can hold. */

import { MOST_VALUES } from './read-given.ts'
import { kindOf } from '../../core/plain-object.ts'
import { badValue, hintForObject, inside } from './refusal.ts'
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
export function filterLiteral(value: unknown, path: string): Value {
  return literal(value, path, { depth: 0, left: { values: MOST_VALUES } })
}

interface Place {
  readonly depth: number
  /** How many values there may still be, in the whole. */
  readonly left: { values: number }
}

function literal(value: unknown, path: string, place: Place): Value {
  if (--place.left.values < 0) throw badValue(`a value has at most ${MOST_VALUES} parts`, path)
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
      return value === null ? null : objectLiteral(value, path, place)
    case 'undefined':
      throw badValue('undefined cannot be compared with', path, 'Use null, or $exists to ask whether a field is there.')
    case 'function':
    case 'symbol':
    default:
      throw badValue(`a ${typeof value} is not a value`, path)
  }
}

function objectLiteral(value: object, path: string, { depth, left }: Place): Value {
  if (depth >= maxDepth) throw badValue(`values nest at most ${maxDepth} deep`, path)
  const place = { depth: depth + 1, left }
  if (Array.isArray(value)) {
    return Array.from(value, (element: unknown, index) => literal(element, inside(path, index), place))
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw badValue('a date must be valid', path)
    return new Date(value)
  }
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (value instanceof RegExp) throw badValue('a regular expression is not a value', path, 'Use $regex or $in.')
  if (!isDocument(value)) {
    throw badValue(`a value cannot be ${kindOf(value)}`, path, hintForObject(value))
  }
  const copy: Record<string, Value> = {}
  for (const [key, inner] of Object.entries(value)) {
    setField(copy, key, literal(inner, inside(path, key), place))
  }
  return copy
}
