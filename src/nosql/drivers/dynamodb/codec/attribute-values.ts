import { fromBase64, toBase64 } from '../../../../core/base64.ts'

/** A value as DynamoDB's API has it; bytes as such, as the vendor's SDK takes them. */
export type AttributeValue = Readonly<Record<string, unknown>>
export type Item = Readonly<Record<string, AttributeValue>>

/** The JSON of a request, whose bytes are base64. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (inner instanceof Uint8Array ? toBase64(inner) : inner))
}

/** An answer with the bytes of its items as bytes; those that are bytes already stay. */
export function bytesRestored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bytesRestored)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === 'B' && typeof only[1] === 'string') return { B: fromBase64(only[1]) }
  return Object.fromEntries(entries.map(([key, inner]) => [key, bytesRestored(inner)]))
}
