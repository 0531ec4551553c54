import type { FieldTest } from '../query/filter-node.ts'
import { textBytes } from '../query/text-bytes.ts'
import { isArray, type Value } from '../query/value.ts'

/** Bytes of the largest value that a test compares with; 0 for tests without one. */
export function largestOperand(test: FieldTest): number {
  if (test.kind === 'compare') return operandBytes(test.value)
  if (test.kind === 'in') return test.values.reduce((most: number, value) => Math.max(most, operandBytes(value)), 0)
  return test.kind === 'regex' ? textBytes(test.pattern.prefix ?? '') : 0
}

/** About the bytes a value takes: text as UTF-8, numbers and dates 8, what is nested with its names. */
export function operandBytes(value: Value): number {
  if (typeof value === 'string') return textBytes(value)
  if (value === null || typeof value === 'boolean') return 1
  if (typeof value !== 'object' || value instanceof Date) return 8
  if (value instanceof Uint8Array) return value.length
  if (isArray(value)) return value.reduce((sum: number, element) => sum + operandBytes(element), 0)
  return Object.entries(value).reduce((sum, [name, inner]) => sum + textBytes(name) + operandBytes(inner), 0)
}
