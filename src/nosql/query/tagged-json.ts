import { fromBase64, toBase64 } from '../../core/base64.ts'
import type { Value } from './value.ts'

/**
 * Plain JSON for portable values. What JSON has no word for becomes an object with one `$` key, which no stored
 * document can have: `$date` (milliseconds), `$long` (digits), `$bytes` (base64), and `$regex` for filters.
 */
export function toTagged(value: unknown): unknown {
  if (typeof value === 'bigint') return { $long: String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(toTagged)
  if (value instanceof Date) return { $date: value.getTime() }
  if (value instanceof Uint8Array) return { $bytes: toBase64(value) }
  if (value instanceof RegExp) return { $regex: value.source, $options: value.flags }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toTagged(member)]))
}

/** The inverse of {@link toTagged} for stored values, of what `JSON.parse` returned. */
export function fromTagged(value: unknown): Value {
  if (typeof value !== 'object' || value === null) return value as Value
  if (Array.isArray(value)) return value.map(fromTagged)
  const { $date, $long, $bytes } = value as Record<string, unknown>
  if (typeof $date === 'number') return new Date($date)
  if (typeof $long === 'string') return BigInt($long)
  if (typeof $bytes === 'string') return fromBase64($bytes)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fromTagged(member)]))
}
