import { UsageError } from '../errors.ts'
import { formatArrayLiteral, type ArrayElement } from './array-literal.ts'
import type { SqlText } from './driver.ts'

/**
 * A JavaScript value as PostgreSQL text, the same for every driver: dates in UTC, bytes as `\x` hexadecimal, arrays as
 * array literals, other objects as JSON.
 *
 * @throws UsageError for an invalid date, a function or a symbol
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
  if (Number.isNaN(date.getTime())) throw new UsageError('an invalid date cannot be a parameter of a statement')
  const iso = date.toISOString()
  if (/^\d/.test(iso)) return iso
  // ISO 8601 signs years outside 0 to 9999; PostgreSQL does not, and counts 1 BC where ISO counts year 0.
  const year = date.getUTCFullYear()
  const rest = iso.slice(7)
  return year > 0 ? `${year}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`
}

function encodeBytes(bytes: Uint8Array): string {
  let text = '\\x'
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}
