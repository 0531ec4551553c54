import { DocumentValidationError } from '../errors.ts'
import { equalValues } from './compare.ts'
import type { Document, Value } from './value.ts'

/**
 * What replaces the document of an `_id`: `_id` first, kept when the new document has none.
 *
 * @throws DocumentValidationError (ImmutableField) for another `_id`
 */
export function withId(document: Document, id: Value | undefined): Document {
  if (id === undefined) return document
  if (document['_id'] === undefined) return { _id: id, ...document }
  assertSameId(id, document['_id'])
  return document
}

export function assertSameId(before: Value | undefined, after: Value | undefined): void {
  if (before === undefined || equalValues(before, after)) return
  throw idChanges()
}

export function idChanges(cause?: Error): DocumentValidationError {
  return new DocumentValidationError('the _id of a document cannot change', {
    reason: 'ImmutableField',
    path: '_id',
    hint: 'Insert a new document instead.',
    cause,
  })
}
