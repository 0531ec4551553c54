import { compareText } from '../compare-text.ts'
import type { OrderedValue } from './specification.ts'

/** Equality of stored values: numbers with bigints by value, dates by instant, bytes by content, objects in key order. */
export function equalValues(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object') return isNumeric(left) && isNumeric(right) && left == right
  if (left === null || right === null) return false
  if (left instanceof Date || right instanceof Date)
    return left instanceof Date && right instanceof Date && left.getTime() === right.getTime()
  if (left instanceof Uint8Array || right instanceof Uint8Array)
    return left instanceof Uint8Array && right instanceof Uint8Array && sameItems(left, right, Object.is)
  if (Array.isArray(left) || Array.isArray(right))
    return Array.isArray(left) && Array.isArray(right) && sameItems(left, right, equalValues)
  return sameItems(definedEntries(left), definedEntries(right), ([a, x], [b, y]) => a === b && equalValues(x, y))
}

/** The order of two values of one class; undefined when they are not of one class. Text is ordered by code point. */
export function compareOrdered(value: unknown, bound: OrderedValue): number | undefined {
  if (typeof value === 'string' && typeof bound === 'string') return compareText(value, bound)
  if (value instanceof Date && bound instanceof Date) return compareNumeric(value.getTime(), bound.getTime())
  return isNumeric(value) && isNumeric(bound) ? compareNumeric(value, bound) : undefined
}

/** Undefined where one of them is NaN, which an invalid date is as well. */
function compareNumeric(left: number | bigint, right: number | bigint): number | undefined {
  return left < right ? -1 : left > right ? 1 : left == right ? 0 : undefined
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function sameItems<T>(left: ArrayLike<T>, right: ArrayLike<T>, same: (a: T, b: T) => boolean): boolean {
  // Of equal length.
  return left.length === right.length && Array.from(left).every((item, index) => same(item, right[index] as T))
}

function definedEntries(object: object): readonly [string, unknown][] {
  return Object.entries(object).filter(([, value]) => value !== undefined)
}
