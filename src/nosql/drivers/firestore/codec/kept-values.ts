import { equalValues } from '../../../query/compare.ts'
import { isArray, isDocument, type Value } from '../../../query/value.ts'
import { decodeElement, decodeValue, encodeElement, encodeValue, vectorOf } from './value-codec.ts'
import type { FirestoreFields, FirestoreValue } from './value-codec.ts'

/**
 * A value as it is stored already, where it is the same: a timestamp to the nanosecond, a reference, a point, a vector or
 * a whole number as a double that another program wrote stays what it was, also within objects and arrays that change.
 */
export function encodeOver(value: Value, stored: FirestoreValue | undefined): FirestoreValue {
  if (stored === undefined) return encodeValue(value)
  if (isForeign(stored) && equalValues(decodeValue(stored), value)) return stored
  if (stored['mapValue'] !== undefined && vectorOf(stored) === undefined && isDocument(value)) {
    const { fields: inner = {} } = stored['mapValue'] as { fields?: FirestoreFields }
    const entries = Object.entries(value).map(([name, field]) => [name, encodeOver(field, inner[name])] as const)
    return { mapValue: { fields: Object.fromEntries(entries) } }
  }
  const elements = elementsOf(stored)
  if (!isArray(value) || !elements.some(isForeign)) return encodeValue(value)
  return { arrayValue: { values: value.map((element, at) => keptElement(element, elements, at)) } }
}

/** An element may have moved: it is looked for at its place first, then among all that other programs wrote. */
function keptElement(element: Value, stored: readonly FirestoreValue[], at: number): FirestoreValue {
  const isSame = (each: FirestoreValue): boolean => isForeign(each) && equalValues(decodeElement(each), element)
  const here = stored[at]
  if (here !== undefined && isSame(here)) return here
  const moved = stored.find(isSame)
  if (moved !== undefined) return moved
  // An object of which another field has changed.
  return here !== undefined && isForeign(here) && isDocument(element) && !isArray(decodeElement(here))
    ? encodeOver(element, here)
    : encodeElement(element)
}

function elementsOf(stored: FirestoreValue): readonly FirestoreValue[] {
  const { values = [] } = (stored['arrayValue'] ?? {}) as { values?: readonly FirestoreValue[] }
  return values
}

/** Whether a stored value, or one within it, is of a type that is read as something less. */
function isForeign(stored: FirestoreValue): boolean {
  if ('referenceValue' in stored || 'geoPointValue' in stored) return true
  if ('timestampValue' in stored) return /\.\d{3}\d*[1-9]/.test(stored['timestampValue'] as string)
  // This package writes whole numbers as integers.
  if ('doubleValue' in stored) return Number.isSafeInteger(Number(stored['doubleValue']))
  if ('arrayValue' in stored) return elementsOf(stored).some(isForeign)
  if (!('mapValue' in stored)) return false
  const { fields = {} } = stored['mapValue'] as { fields?: FirestoreFields }
  return vectorOf(stored) !== undefined || Object.values(fields).some(isForeign)
}
