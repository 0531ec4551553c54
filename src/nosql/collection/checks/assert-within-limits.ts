import type { Limits } from '../../contract/capabilities.ts'
import { DocumentValidationError, UnsupportedOperationError } from '../../errors.ts'
import { isArray, isDocument, isObjectId, type Document } from '../../query/value.ts'
import { isRefusedDate, isRefusedName, sizeOfValue, utf8Length } from './document-size.ts'
import { pathOfFirst } from './path-of-first.ts'

/** @throws DocumentValidationError or UnsupportedOperationError for what every backend, or this one, cannot hold */
export function assertWithinLimits(document: Document, limits: Limits): void {
  const { bytes, depth, nestedArrays, objectIds, refusedDate, refusedName } = sizeOfValue(document, limits)
  const { _id: id } = document
  if (bytes > limits.documentBytes) {
    const { documentBytes: limit } = limits
    throw tooLarge(`a document must have at most ${limit} bytes here`, { limit, field: largestField(document, limits) })
  }
  if (depth > limits.depth) {
    const path = where(document, (value, at) => at.depth >= limits.depth && (isArray(value) || isDocument(value)))
    throw refused('Overflow', `a document must nest at most ${limits.depth} deep here`, { path, limit: limits.depth })
  }
  if (typeof id === 'string' && id.length * 3 > limits.idBytes && utf8Length(id) > limits.idBytes) {
    const { idBytes: limit } = limits
    throw refused('InvalidIdField', `an _id must have at most ${limit} bytes here`, { path: '_id', limit })
  }
  if (refusedDate) {
    const [first, last] = limits.dates.map((time) => new Date(time).toISOString())
    const path = where(document, (value) => value instanceof Date && isRefusedDate(value, limits))
    throw refused('BadValue', `a date must lie between ${first} and ${last} here`, { path, first, last })
  }
  if (refusedName !== undefined) throw nameError(document, refusedName, limits)
  if (objectIds && !limits.objectIds) {
    const path = where(document, (value) => isObjectId(value))
    throw new UnsupportedOperationError(
      `this backend cannot store an ObjectId at '${path}': it does not have the type`,
      { hint: 'Store its text: id.toHexString().', details: { path } },
    )
  }
  if (nestedArrays && !limits.nestedArrays) {
    const path = where(document, (value, { isInArray }) => isInArray && isArray(value))
    throw new UnsupportedOperationError(`this backend cannot store the array directly inside an array at '${path}'`, {
      hint: 'Put the inner array into an object.',
      details: { path },
    })
  }
}

/** Looked for only where there is one. */
function where(document: Document, isMeant: Parameters<typeof pathOfFirst>[1]): string {
  return pathOfFirst(document, isMeant) ?? ''
}

function nameError(document: Document, refusedName: string, { fieldNames }: Limits): DocumentValidationError {
  const { bytes, pathBytes: most, refused: kept } = fieldNames
  if (!isRefusedName(refusedName, fieldNames)) {
    const path = where(document, (_value, { name, pathBytes }) => name !== undefined && pathBytes > most)
    return refused('BadValue', `the path of a field must have at most ${most} bytes here`, { path, limit: most })
  }
  const words = kept?.pattern.test(refusedName) === true ? kept.words : `longer than ${bytes} bytes`
  const path = where(document, (_value, { name }) => name === refusedName)
  return refused('BadValue', `a field name cannot be ${words} here`, { path })
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

interface Where {
  readonly path: string
  readonly [detail: string]: unknown
}

function refused(reason: string, message: string, { path, ...details }: Where): DocumentValidationError {
  return new DocumentValidationError(message, { reason, path, details })
}
