import { isDocument, setField, type Value } from '../../query/value.ts'
import { fail } from './failure.ts'
import { isNumeric, type Draft } from './kinds.ts'

/** A value that stands for itself, copied. */
export function literalValue(value: unknown): Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || isNumeric(value)) return value
  if (value instanceof Date || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(literalValue)
  if (isDocument(value)) {
    const copy: Draft = {}
    for (const [key, inner] of Object.entries(value)) setField(copy, key, literalValue(inner))
    return copy
  }
  return fail('BadValue', `An expression holds a ${typeof value} that is no document value.`)
}
