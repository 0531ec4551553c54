import type { Limits } from '../../contract/capabilities.ts'
import { DocumentValidationError, UnsupportedOperationError } from '../../errors.ts'
import type { Document } from '../../query/value.ts'
import { sizeOfValue, utf8Length } from './document-size.ts'

/** @throws DocumentValidationError or UnsupportedOperationError for what every backend, or this one, cannot hold */
export function assertWithinLimits(document: Document, limits: Limits): void {
  const { bytes, depth, nestedArrays, objectIds, refusedDate, refusedName } = sizeOfValue(document, limits)
  const { _id: id } = document
  if (bytes > limits.documentBytes) {
    const { documentBytes: limit } = limits
    throw tooLarge(`a document must have at most ${limit} bytes here`, { limit, field: largestField(document, limits) })
  }
  if (depth > limits.depth) {
    throw refused('Overflow', `a document must nest at most ${limits.depth} deep here`, { limit: limits.depth })
  }
  if (typeof id === 'string' && id.length * 3 > limits.idBytes && utf8Length(id) > limits.idBytes) {
    throw refused('InvalidIdField', `an _id must have at most ${limits.idBytes} bytes here`, { limit: limits.idBytes })
  }
  if (refusedDate) {
    const [first, last] = limits.dates.map((time) => new Date(time).toISOString())
    throw refused('BadValue', `a date must lie between ${first} and ${last} here`, { first, last })
  }
  if (refusedName !== undefined) {
    const { bytes: most, refused: kept } = limits.fieldNames
    const words = kept?.pattern.test(refusedName) === true ? kept.words : `longer than ${most} bytes`
    throw refused('BadValue', `a field name cannot be ${words} here`, {})
  }
  if (objectIds && !limits.objectIds) {
    throw new UnsupportedOperationError('this backend cannot store an ObjectId: it does not have the type', {
      hint: 'Store its text: id.toHexString().',
    })
  }
  if (nestedArrays && !limits.nestedArrays) {
    throw new UnsupportedOperationError('this backend cannot store arrays directly inside arrays', {
      hint: 'Put the inner array into an object.',
    })
  }
}

/** Names the field that takes most of a document, never what is in it. */
function tooLarge(
  message: string,
  details: { readonly limit: number; readonly field: string },
): DocumentValidationError {
  const { field } = details
  return new DocumentValidationError(message, {
    reason: 'BSONObjectTooLarge',
    path: field,
    hint: `The field '${field}' takes most of it: store it elsewhere, or in separate documents.`,
    details,
  })
}

function largestField(document: Document, limits: Limits): string {
  let largest = { field: '_id', bytes: -1 }
  for (const [field, value] of Object.entries(document)) {
    const { bytes } = sizeOfValue(value, limits)
    if (bytes > largest.bytes) largest = { field, bytes }
  }
  return largest.field
}

function refused(reason: string, message: string, details: Readonly<Record<string, unknown>>): DocumentValidationError {
  return new DocumentValidationError(message, { reason, path: reason === 'InvalidIdField' ? '_id' : '', details })
}
