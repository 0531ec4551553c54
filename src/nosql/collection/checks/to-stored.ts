import { assertWithinLimits } from './assert-within-limits.ts'
import { assertId } from '../document-id.ts'
import { checkDeclaredFields } from './declared-fields.ts'
import { DocumentValidationError } from '../../errors.ts'
import type { Insert } from '../../contract/write.ts'
import { toStorable } from '../../query/storable.ts'
import type { Document } from '../../query/value.ts'
import { type CollectionScope, confineDocument, hasVendorValues } from '../collection-scope.ts'

/**
 * A copy of a document from outside, fit to be stored: with an `_id`, which comes first.
 *
 * @throws DocumentValidationError for values, names, depth or size that no backend, or not this one, can hold.
 */
export function toInsert(scope: CollectionScope, document: unknown): Insert {
  return insertOf(scope, toStorable(confineDocument(scope, document), { vendorValues: hasVendorValues(scope) }))
}

/** The checked insert of a document in stored form, whose `_id` is made where there is none. */
function insertOf(scope: CollectionScope, { _id, ...fields }: Document): Insert {
  const generatedId = _id === undefined
  const document = checked(scope, { _id: generatedId ? scope.session.store.newId() : _id, ...fields })
  return { kind: 'insert', document, generatedId }
}

/** Checks a document that an update or a replacement has made of one that was stored. */
export function checked(scope: CollectionScope, document: Document): Document {
  assertId(document['_id'], scope.session.store.backend.capabilities.limits.ids)
  return checkedFields(scope, document)
}

/** The same for one that may have no `_id` yet, as a replacement has. */
export function checkedFields(scope: CollectionScope, document: Document): Document {
  if ('_rev' in document) {
    throw new DocumentValidationError('the field _rev cannot be written: the store keeps it', {
      reason: 'BadValue',
      path: '_rev',
    })
  }
  if (scope.spec !== undefined) checkDeclaredFields(scope.spec, document)
  assertWithinLimits(document, scope.session.store.backend.capabilities.limits)
  return document
}
