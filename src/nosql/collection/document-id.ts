import { DocumentValidationError } from '../errors.ts'
import type { Capabilities } from '../contract/capabilities.ts'
import { type Document, isObjectId, type ObjectIdLike } from '../query/value.ts'
import { isVendorValue, type VendorValue } from '../query/vendor-value.ts'

/** What identifies a document in its collection. */
export type DocumentId = string | number | bigint | ObjectIdLike | VendorValue

/** A document as it is read: `_id` is always there. */
export type WithId<T> = T extends { readonly _id: unknown } ? T : T & { readonly _id: DocumentId }

/** The `_id` of a document that has been stored. */
export function idOf(document: Document): DocumentId {
  // `assertId` has passed it. What else MongoDB can hold has the type that the collection declares.
  return (document['_id'] ?? null) as DocumentId
}

/** @throws DocumentValidationError reason `InvalidIdField` for an `_id` that not every backend can hold. */
export function assertId(id: unknown, kind: Capabilities['limits']['ids']): void {
  if (kind === 'any' && !Array.isArray(id) && !(id instanceof RegExp) && !hasDollarName(id)) return
  if (typeof id === 'string' && id !== '') return
  if (typeof id === 'number' || typeof id === 'bigint' || isObjectId(id)) return
  throw new DocumentValidationError(`_id must be ${expectationOf(id, kind)}`, {
    reason: 'InvalidIdField',
    path: '_id',
    hint: 'Leave _id out to have one generated.',
  })
}

function expectationOf(id: unknown, kind: Capabilities['limits']['ids']): string {
  if (id === '') return 'a string that is not empty'
  return kind === 'any' && hasDollarName(id)
    ? 'without names that start with a dollar'
    : 'a string, a number, a bigint or an ObjectId'
}

/** MongoDB stores no such names in an `_id`, as it does elsewhere. */
function hasDollarName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || isObjectId(value) || isVendorValue(value)) return false
  return Object.entries(value).some(([name, inner]) => name.startsWith('$') || hasDollarName(inner))
}
