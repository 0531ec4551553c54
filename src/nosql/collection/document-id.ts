import { DocumentValidationError } from '../errors.ts'
import type { Capabilities } from '../contract/capabilities.ts'
import type { Document, Value } from '../query/value.ts'

/** What identifies a document in its collection. */
export type DocumentId = string | number | bigint

/** A document as it is read: `_id` is always there. */
export type WithId<T> = T extends { readonly _id: unknown } ? T : T & { readonly _id: DocumentId }

/** The `_id` of a document that has been stored. */
export function idOf(document: Document): Value {
  return document['_id'] ?? null
}

/** @throws {DocumentValidationError} reason `InvalidIdField` for an `_id` that not every backend can hold. */
export function assertId(id: unknown, kind: Capabilities['limits']['ids']): void {
  if (typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint') return
  if (kind === 'any' && !Array.isArray(id) && !(id instanceof RegExp)) return
  throw new DocumentValidationError('An _id is a string, a number or a bigint.', {
    reason: 'InvalidIdField',
    path: '_id',
    hint: 'Leave _id out to get one made.',
  })
}
