import { assertId } from '../document-id.ts'
import { checkDeclaredFields } from './declared-fields.ts'
import { documentSize } from './document-size.ts'
import { DocumentValidationError, UnsupportedOperationError } from '../../errors.ts'
import { toStorable } from '../../query/storable.ts'
import type { Document } from '../../query/value.ts'
import type { CollectionScope } from '../collection-scope.ts'

/**
 * A copy of a document from outside, fit to be stored: with an `_id`, which comes first.
 *
 * @throws {DocumentValidationError} for values, names, depth or size that no backend, or not this one, can hold.
 */
export function toStored(scope: CollectionScope, document: unknown): Document {
  return checked(scope, withId(scope, toStorable(document)))
}

/** Its `_id` first, made where there is none. */
export function withId(scope: CollectionScope, { _id, ...fields }: Document): Document {
  return { _id: _id === undefined ? scope.session.store.newId() : _id, ...fields }
}

/** Checks a document that an update or a replacement has made of one that was stored. */
export function checked(scope: CollectionScope, document: Document): Document {
  const { limits } = scope.session.store.backend.capabilities
  assertId(document['_id'], limits.ids)
  if ('_rev' in document) {
    throw new DocumentValidationError('The field _rev belongs to the store.', { reason: 'BadValue', path: '_rev' })
  }
  if (scope.spec !== undefined) checkDeclaredFields(scope.spec, document)
  const { bytes, nestedArrays, objectIds } = documentSize(document)
  if (bytes > limits.documentBytes) {
    throw new DocumentValidationError(`A document has at most ${limits.documentBytes} bytes here.`, {
      reason: 'BSONObjectTooLarge',
      path: '',
      details: { limit: limits.documentBytes },
    })
  }
  if (objectIds && !limits.objectIds) {
    throw new UnsupportedOperationError('this backend cannot store an ObjectId: it has no such type', {
      hint: 'Store its text: id.toHexString().',
    })
  }
  if (nestedArrays && !limits.nestedArrays) {
    throw new UnsupportedOperationError('This backend has no arrays directly inside arrays.', {
      hint: 'Put the inner array into an object.',
    })
  }
  return document
}
