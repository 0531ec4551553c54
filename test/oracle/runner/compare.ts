import { isObjectId } from '../../../src/nosql/query/value.ts'

/** Names of fields whose lists may have any order. */
export type FreeNames = Pick<ReadonlySet<string>, 'has'>

/** Equality as the recorded suite has it: numbers by value whatever their width, documents whatever their key order. */
export function sameValue(actual: unknown, expected: unknown, free: FreeNames = new Set()): boolean {
  if (isNumeric(actual) && isNumeric(expected)) return actual == expected
  if (actual instanceof Date || expected instanceof Date) {
    return actual instanceof Date && expected instanceof Date && actual.getTime() === expected.getTime()
  }
  if (isObjectId(actual) || isObjectId(expected)) {
    return isObjectId(actual) && isObjectId(expected) && actual.toHexString() === expected.toHexString()
  }
  if (Array.isArray(actual) || Array.isArray(expected)) {
    return Array.isArray(actual) && Array.isArray(expected) && sameList(actual, expected, free)
  }
  if (!isRecord(actual) || !isRecord(expected)) return actual === expected
  const keys = Object.keys(expected)
  return (
    keys.length === Object.keys(actual).length &&
    keys.every((key) => {
      if (!Object.hasOwn(actual, key)) return false
      const [a, e] = [actual[key], expected[key]]
      return free.has(key) && Array.isArray(a) && Array.isArray(e) ? sameBag(a, e, free) : sameValue(a, e, free)
    })
  )
}

/** The same elements as often, in any order. */
export function sameBag(
  actual: readonly unknown[],
  expected: readonly unknown[],
  free: FreeNames = new Set(),
): boolean {
  if (actual.length !== expected.length) return false
  const rest = [...expected]
  return actual.every((value) => {
    const at = rest.findIndex((other) => sameValue(value, other, free))
    if (at >= 0) rest.splice(at, 1)
    return at >= 0
  })
}

export function sameList(actual: readonly unknown[], expected: readonly unknown[], free: FreeNames): boolean {
  return actual.length === expected.length && actual.every((value, index) => sameValue(value, expected[index], free))
}

/** True when two equal values also list their keys in the same order. */
export function sameKeyOrder(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.every((value, index) => sameKeyOrder(value, expected[index]))
  }
  if (!isRecord(actual) || !isRecord(expected) || actual instanceof Date || isObjectId(actual)) return true
  const keys = Object.keys(expected)
  return Object.keys(actual).every((key, index) => key === keys[index] && sameKeyOrder(actual[key], expected[key]))
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}
