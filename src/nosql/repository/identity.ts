import { kindOf } from '../../core/plain-object.ts'
import type { DocumentId } from '../collection/document-id.ts'
import type { Filter } from '../collection/types/filter.ts'
import { DocumentValidationError } from '../errors.ts'
import { isInt64 } from '../query/checked-copy.ts'
import { hexOf } from '../query/object-id.ts'
import { copyValue, isDocument, isObjectId, type ObjectIdLike } from '../query/value.ts'
import { isOrdered } from '../query/vendor-order.ts'
import { isVendorValue, isWellMade, plainBytes, type VendorValue } from '../query/vendor-value.ts'

/**
 * The only way by which ids, versions and tenants enter a query: as scalars that are compared, so that an object, a list or
 * a pattern in the place of one is an error and never an operator.
 */
export type Scalar = string | number | bigint

export function isScalar(value: unknown): value is Scalar {
  if (typeof value === 'bigint') return isInt64(value)
  return typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value))
}

/**
 * Neither an ObjectId nor another class can be made of data from outside. Whether the database has UUIDs, a query asks.
 *
 * @throws DocumentValidationError `LEX_ERR_NOSQL_005` for anything but text, a finite number, a bigint of 64 bits, an
 *   ObjectId, a UUID or other bytes with a subtype, and a Timestamp
 */
export function assertKey(id: unknown): DocumentId {
  if (isScalar(id) || isReadableObjectId(id)) return id
  // Calls for one id share a query, which is sent later.
  if (isVendorKey(id)) return copyValue(id)
  throw refuse(id, { what: 'an _id', reason: 'InvalidIdField', path: '_id' })
}

/** One without a class, or one that is no more than a prototype, may answer otherwise the next time, or not at all. */
function isReadableObjectId(id: unknown): id is ObjectIdLike {
  try {
    return isObjectId(id) && !isDocument(id) && hexOf(id) !== undefined
  } catch {
    return false
  }
}

/** A value of MongoDB's own that only the same form is equal to, so that one document has one id. */
function isVendorKey(id: unknown): id is VendorValue {
  try {
    return isVendorValue(id) && isOrdered(id) && isWellMade(id) && plainBytes(id) === undefined
  } catch {
    return false
  }
}

/** @throws DocumentValidationError `LEX_ERR_NOSQL_005` */
function assertVersion(version: unknown, field: string): number | bigint {
  if (typeof version === 'bigint' ? isInt64(version) : Number.isSafeInteger(version)) return version as number | bigint // a number
  throw refuse(version, { what: 'a version', reason: 'TypeMismatch', path: field })
}

/** The document of this id, and of this version where there is one. */
export function identityFilter(id: unknown, version?: { readonly field: string; readonly value: unknown }): Filter {
  const byId = { _id: { $eq: assertKey(id) } }
  return version === undefined
    ? byId
    : { ...byId, [version.field]: { $eq: assertVersion(version.value, version.field) } }
}

export function identitiesFilter(ids: readonly unknown[]): Filter {
  return { _id: { $in: Array.from(ids, (id) => assertKey(id)) } }
}

function refuse(
  value: unknown,
  { what, reason, path }: { readonly what: string; readonly reason: string; readonly path: string },
): DocumentValidationError {
  const expected = what === 'a version' ? 'a whole number' : 'text, a finite number, a bigint, an ObjectId or a UUID'
  const given = typeof value === 'number' || typeof value === 'bigint' ? 'out of range' : `not ${kindOf(value)}`
  return new DocumentValidationError(`${what} must be ${expected}, ${given}`, { reason, path })
}
