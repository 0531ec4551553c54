import { UsageError } from '../errors.ts'
import { isPlainObject } from '../plain-object.ts'
import type { OrderedValue, SpecificationValue } from './specification.ts'

const maxDepth = 32

/** A dotted path whose segments are all real field names; no operator and no way to a prototype. */
export function checkField(field: unknown): string {
  if (typeof field !== 'string') throw new UsageError('the field of a condition must be text')
  for (const segment of field.split('.')) {
    if (segment === '') throw new UsageError('the field of a condition must not be empty or have empty segments')
    if (segment.startsWith('$') || segment === '__proto__' || segment.includes('\0'))
      throw new UsageError('the field of a condition must not be a reserved name', {
        hint: 'Use the functions for operators: fieldGt, fieldIn, not.',
      })
  }
  return field
}

export function checkOrdered(value: unknown, field: string): OrderedValue {
  const copy = freezeValue(value, field)
  if (typeof copy === 'string' || typeof copy === 'number' || typeof copy === 'bigint' || copy instanceof Date)
    return copy
  throw new UsageError(`the operand of the comparison of '${field}' must be a number, text or a date`)
}

/** A frozen copy, so that a specification never changes under those that share it. */
export function freezeValue(value: unknown, field: string, depth = 0): SpecificationValue {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (typeof value === 'object') return freezeObject(value, field, depth)
  throw refuse(field)
}

function freezeObject(value: object | null, field: string, depth: number): SpecificationValue {
  if (value === null) return null
  if (depth >= maxDepth) throw new UsageError(`the value for '${field}' must be nested at most ${maxDepth} levels deep`)
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw refuse(field)
    return new Date(value)
  }
  if (value instanceof Uint8Array) return value.slice()
  if (Array.isArray(value)) return Object.freeze(value.map((element) => freezeValue(element, field, depth + 1)))
  if (!isPlainObject(value)) throw refuse(field)
  const copy: Record<string, SpecificationValue> = {}
  for (const [key, member] of Object.entries(value)) {
    if (key === '__proto__') throw refuse(field)
    if (member !== undefined) copy[key] = freezeValue(member, field, depth + 1)
  }
  return Object.freeze(copy)
}

function refuse(field: string): UsageError {
  return new UsageError(`the value for '${field}' must be comparable`, {
    hint: 'Use null, booleans, finite numbers, bigint, text, valid dates, bytes, arrays and plain objects; for a missing field use null or fieldExists.',
  })
}
