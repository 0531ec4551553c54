import { isInt64 } from '../../../query/checked-copy.ts'
import { fail } from '../failure.ts'
import { isNullish, isNumeric, typeName } from '../kinds.ts'
import { binary, unary, type Operator } from '../parse.ts'
import type { Result } from '../scope.ts'

export type Numeric = number | bigint

/** A function of one number; null and missing return null. `whole` treats int64, which is widened otherwise. */
export function numeric(apply: (value: number, name: string) => number, whole?: (value: bigint) => Numeric): Operator {
  return unary((value, name) => {
    if (isNullish(value)) return null
    if (typeof value === 'number') return apply(value, name)
    if (typeof value === 'bigint') return whole === undefined ? apply(Number(value), name) : whole(value)
    return fail(28765, `the argument of ${name} must be a number, not ${typeName(value)}`)
  })
}

/** A function of two numbers, given as bigints when both are whole and one is an int64. */
export function numericPair(
  code: number | string,
  apply: (left: number, right: number, name: string) => Numeric,
  whole?: (left: bigint, right: bigint, name: string) => Numeric,
): Operator {
  return binary((left, right, { name }) => {
    if (isNullish(left) || isNullish(right)) return null
    if (!isNumeric(left)) return mismatch(code, name, left)
    if (!isNumeric(right)) return mismatch(code, name, right)
    if (whole !== undefined && (typeof left === 'bigint' || typeof right === 'bigint')) {
      if (isWhole(left) && isWhole(right)) return whole(BigInt(left), BigInt(right), name)
    }
    return apply(Number(left), Number(right), name)
  })
}

export function mismatch(code: number | string, name: string, value: Result): never {
  return fail(code, `the arguments of ${name} must be numbers, not ${typeName(value)}`)
}

/** Safe to treat as an integer: exact as a bigint. */
export function isWhole(value: Numeric): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value)
}

/** Exact while int64 holds it, a double beyond. */
export function widen(value: bigint): Numeric {
  return isInt64(value) ? value : Number(value)
}
