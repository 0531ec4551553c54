/** What this package knows of the order of MongoDB's own values. What it does not know, it refuses to compare. */

import { kindOf } from '../../core/plain-object.ts'
import { UnsupportedOperationError } from '../errors.ts'
import { compareObjectIds } from './object-id.ts'
import { isArray, isDocument, isObjectId, type Value } from './value.ts'
import { bytesOf, isVendorValue, subtypeOf, timestampOf, type VendorValue } from './vendor-value.ts'

/**
 * Orders two values of one class, at least one of which is MongoDB's own: bytes by length, subtype and content, and
 * timestamps by time.
 *
 * @throws UnsupportedOperationError for others that differ, such as 1.0 and 1.00 of `Decimal128`
 */
export function compareVendorValues(a: Value | undefined, b: Value | undefined): number {
  const [left, right] = [partsOf(a), partsOf(b)]
  if (left !== undefined && right !== undefined) {
    return (
      left.bytes.length - right.bytes.length || left.subtype - right.subtype || compareBytes(left.bytes, right.bytes)
    )
  }
  if (isVendorValue(a) && isVendorValue(b)) {
    if (a._bsontype === 'Timestamp' && b._bsontype === 'Timestamp') {
      const difference = timestampOf(a) - timestampOf(b)
      return difference < 0n ? -1 : Number(difference > 0n)
    }
    if (isSameForm(a, b)) return 0
  }
  throw incomparable(isVendorValue(a) ? a : b)
}

/** Whether the order of a value among all others is known here. */
export function isOrdered({ _bsontype: type }: VendorValue): boolean {
  return type === 'Binary' || type === 'Timestamp'
}

function partsOf(value: Value | undefined): { readonly bytes: Uint8Array; readonly subtype: number } | undefined {
  if (value instanceof Uint8Array) return { bytes: value, subtype: 0 }
  return isVendorValue(value) && value._bsontype === 'Binary'
    ? { bytes: bytesOf(value), subtype: subtypeOf(value) }
    : undefined
}

/** Whether a value, with all that it holds, has an order that is known here. */
export function hasKnownOrder(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (isVendorValue(value)) return isOrdered(value)
  return (!isArray(value) && !isDocument(value)) || Object.values(value).every(hasKnownOrder)
}

/** @throws UnsupportedOperationError for a DBRef, whose fields only the server reads by their paths */
export function isWithoutFields(value: Value): boolean {
  if (!isVendorValue(value)) return false
  if (value._bsontype === 'DBRef') throw incomparable(value)
  return true
}

/** Stored in the same way: of one class, and with the same parts. */
export function isSameForm(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (isVendorValue(a) !== isVendorValue(b) || kindOf(a) !== kindOf(b)) return false
  if (isObjectId(a) && isObjectId(b)) return compareObjectIds(a, b) === 0
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  const [left, right] = [Object.entries(a), Object.entries(b)]
  return (
    left.length === right.length &&
    left.every(([name, part], index) => name === right[index]?.[0] && isSameForm(part, right[index][1]))
  )
}

/** A text that is the same for values that are equal. @throws UnsupportedOperationError where that is not known */
export function textOf(value: VendorValue): string {
  if (!isOrdered(value)) throw incomparable(value)
  return value._bsontype === 'Binary' ? `b${subtypeOf(value)} ${bytesOf(value).join(' ')}` : `t${timestampOf(value)}`
}

export function incomparable(value: unknown): UnsupportedOperationError {
  return new UnsupportedOperationError(`${kindOf(value)} cannot be compared outside of MongoDB`, { hint })
}

/** False for what is not a number. @throws UnsupportedOperationError for a Decimal128, which may be equal to any number */
export function isOfUnknownNumber(value: Value | null): false {
  if (isVendorValue(value) && value._bsontype === 'Decimal128') throw incomparable(value)
  return false
}

/** The same for arithmetic. */
export function incomputable(value: unknown): UnsupportedOperationError {
  return new UnsupportedOperationError(`${kindOf(value)} cannot be computed with outside of MongoDB`, { hint })
}

const hint = 'Leave out what the server cannot do in the same request, such as $rename beside it.'

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return a.length - b.length
  for (let index = 0; index < a.length; index++) {
    const order = (a[index] as number) - (b[index] as number) // `index` is below their length
    if (order !== 0) return order
  }
  return 0
}
