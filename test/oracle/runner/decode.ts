import { StoredObjectId } from '../../../src/nosql/query/object-id.ts'

/** Recorded JSON as portable values: `$date` becomes a Date, `$long` a bigint, `$oid` an ObjectId. */
export function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [first] = entries
  if (entries.length === 1 && first !== undefined) {
    const [key, inner] = first
    if (key === '$date' && typeof inner === 'number') return new Date(inner)
    if (key === '$long' && typeof inner === 'string') return BigInt(inner)
    if (key === '$oid' && typeof inner === 'string') return new StoredObjectId(inner)
  }
  return Object.fromEntries(entries.map(([key, inner]) => [key, decode(inner)]))
}
