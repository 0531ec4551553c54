import { ObjectId } from 'mongodb'
import { isObjectId } from '../../src/nosql/query/value.ts'

/** The same with ObjectIds of the vendor's package, which writes no others. */
export function withVendorIds(value: unknown): unknown {
  if (isObjectId(value)) return value instanceof ObjectId ? value : new ObjectId(value.toHexString())
  if (Array.isArray(value)) return value.map(withVendorIds)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withVendorIds(inner)]))
}
