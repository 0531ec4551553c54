import { isArray, isDocument, type Value } from '../../../query/value.ts'
import { encodeValue, type FirestoreValue } from '../codec/value-codec.ts'

/** A reference as it is read: the whole name of a document. */
const documentName = /^projects\/[^/]+\/databases\/[^/]+\/documents(?:\/[^/]+\/[^/]+)+$/

/**
 * The forms in which a value may be stored. Other programs have types that are read as something simpler: a reference as
 * text, a point as an object. A comparison for equality asks for each.
 */
export function storedForms(value: Value): readonly FirestoreValue[] {
  const own = encodeValue(value)
  if (isDocumentName(value)) return [own, { referenceValue: value }]
  return isPoint(value) ? [own, { geoPointValue: value }] : [own]
}

/** Whether something within a value, not the value itself, may be stored in several forms: those cannot be listed. */
export function hasFormsWithin(value: Value): boolean {
  if (isArray(value)) return value.some(hasForms)
  return isDocument(value) && Object.values(value).some(hasForms)
}

function hasForms(value: Value): boolean {
  return isDocumentName(value) || isPoint(value) || hasFormsWithin(value)
}

function isDocumentName(value: Value): value is string {
  return typeof value === 'string' && documentName.test(value)
}

function isPoint(value: Value): boolean {
  if (!isDocument(value)) return false
  const { latitude, longitude, ...others } = value
  return Object.keys(others).length === 0 && isWithin(latitude, 90) && isWithin(longitude, 180)
}

/** Firestore refuses points that are not on Earth. */
function isWithin(degrees: Value | undefined, most: number): boolean {
  return typeof degrees === 'number' && Math.abs(degrees) <= most
}
