import type { Value } from '../../query/value.ts'
import { fail } from './failure.ts'
import { int32, isArray, isNumeric, typeName, wholeNumber } from './kinds.ts'
import type { Result } from './scope.ts'

/** The value as an array, or the operator's refusal. */
export function anArray(value: Result, code: number | string, name: string): readonly Value[] {
  return isArray(value) ? value : fail(code, `the argument of ${name} must be an array, not ${typeName(value)}`)
}

/** The value as a whole number of int32's range, or the operator's refusal. */
export function anInt(value: Result, code: number | string, name: string): number {
  if (!isNumeric(value)) return fail(code, `the argument of ${name} must be a whole number, not ${typeName(value)}`)
  return int32(value) ?? fail(code, `the argument of ${name} must be a whole number of 32 bits`)
}

/** The value as a whole number of int64's range, or the operator's refusal. */
export function aWhole(value: Result, code: number | string, name: string): number {
  return wholeNumber(value) ?? fail(code, `the argument of ${name} must be a whole number, not ${typeName(value)}`)
}

export function aString(value: Result, code: number | string, name: string): string {
  return typeof value === 'string'
    ? value
    : fail(code, `the argument of ${name} must be a string, not ${typeName(value)}`)
}
