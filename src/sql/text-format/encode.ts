import { UsageError } from '../../core/errors.ts'
import { formatArrayLiteral, type ArrayElement } from './array-literal.ts'
import type { SqlText } from '../contract/driver.ts'

/**
 * A JavaScript value as PostgreSQL text, the same for every driver: dates in UTC, bytes as `\x` hexadecimal, arrays as
 * array literals, other objects as JSON.
 *
 * @throws UsageError for an invalid date, one before year 0, a function or a symbol
 */
export function encodeParam(value: unknown): SqlText {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'undefined':
      return null
    case 'object':
      return encodeObject(value)
    case 'function':
    case 'symbol':
    default:
      throw new UsageError(`a ${typeof value} cannot be a parameter of a statement`)
  }
}

function encodeObject(value: object | null): SqlText {
  if (value === null) return null
  if (value instanceof Date) return encodeDate(value)
  if (value instanceof Uint8Array) return encodeBytes(value)
  if (value instanceof ArrayBuffer) return encodeBytes(new Uint8Array(value))
  return Array.isArray(value) ? formatArrayLiteral(value.map(encodeElement)) : JSON.stringify(value)
}

function encodeElement(element: unknown): ArrayElement {
  return Array.isArray(element) ? element.map(encodeElement) : encodeParam(element)
}

function encodeDate(date: Date): string {
  // ISO 8601 signs years of more than four digits and those before 0; PostgreSQL writes the first plain.
  const iso = Number.isNaN(date.getTime()) ? '-' : date.toISOString().replace(/^\+0*/, '')
  if (!iso.startsWith('-')) return iso
  throw new UsageError('a date that is invalid, or before year 0, cannot be a parameter of a statement')
}

function encodeBytes(bytes: Uint8Array): string {
  let text = '\\x'
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
