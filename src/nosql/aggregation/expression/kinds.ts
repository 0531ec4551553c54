import type { Value } from '../../query/value.ts'
import type { Result } from './scope.ts'

export { isObject } from '../../query/path.ts'
export { isArray, typeName } from '../../query/value.ts'

export function isNullish(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

/** JavaScript has one number type: whole numbers in int32's range count as int, all others as double. */
export function isInt32(value: number): boolean {
  return (value | 0) === value
}

export function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** What counts as true in `$and`, `$cond`, `$filter` and other conditions. */
export function truthy(value: Result): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== 0n
}

/** A whole number of int64's range as a JS number (exact below 2^53), or undefined. */
export function wholeNumber(value: Result): number | undefined {
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? value : undefined
}

/** A whole number of int32's range, or undefined. */
export function int32(value: Result): number | undefined {
  const whole = wholeNumber(value)
  return whole !== undefined && isInt32(whole) ? whole : undefined
}

/** A document under construction. */
export type Draft = Record<string, Value>
