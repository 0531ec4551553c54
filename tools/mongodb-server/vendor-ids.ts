import { ObjectId } from 'mongodb'
import { isObjectId } from '../../src/nosql/query/value.ts'
import { valueOfText } from './vendor-values.ts'

/** The same with values of the vendor's package, which writes no others. */
export function withVendorIds(value: unknown): unknown {
  if (isObjectId(value)) return value instanceof ObjectId ? value : new ObjectId(value.toHexString())
  if (typeof value === 'string') return valueOfText(value) ?? value
  if (Array.isArray(value)) return value.map(withVendorIds)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withVendorIds(inner)]))
}
