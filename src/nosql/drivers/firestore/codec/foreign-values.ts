import type { ForeignValue } from '../../../codec/kept-forms.ts'
import { deletedField } from './deleted-mark.ts'
import {
  decodeValue,
  elementsOf,
  fieldsOf,
  markOf,
  vectorOf,
  type FirestoreFields,
  type FirestoreValue,
} from './value-codec.ts'

/**
 * The values of other programs in a stored document: timestamps to the nanosecond, references, points, vectors, and whole
 * numbers as doubles.
 */
export function foreignValues(fields: FirestoreFields): readonly ForeignValue<FirestoreValue>[] {
  const found: ForeignValue<FirestoreValue>[] = []
  for (const [name, stored] of Object.entries(fields)) {
    // What is beside the mark is noted.
    if (name !== deletedField) collect(stored, [name], found)
  }
  return found
}

function collect(stored: FirestoreValue, path: readonly string[], found: ForeignValue<FirestoreValue>[]): void {
  if (isForeign(stored)) {
    found.push({ path, form: stored, read: decodeValue(stored) })
  } else if ('arrayValue' in stored) {
    for (const [at, element] of elementsOf(stored).entries()) {
      collect(markOf(element) ?? element, [...path, String(at)], found)
    }
  } else if ('mapValue' in stored) {
    for (const [name, inner] of Object.entries(fieldsOf(stored))) collect(inner, [...path, name], found)
  }
}

function isForeign(stored: FirestoreValue): boolean {
  if ('referenceValue' in stored || 'geoPointValue' in stored) return true
  // Text, by the protocol.
  if ('timestampValue' in stored) return /\.\d{3}\d*[1-9]/.test(stored['timestampValue'] as string)
  // This package writes whole numbers as integers.
  if ('doubleValue' in stored) return Number.isSafeInteger(Number(stored['doubleValue']))
  return 'mapValue' in stored && vectorOf(stored) !== undefined
}
