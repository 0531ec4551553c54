import { fromBase64, toBase64 } from '../../../core/base64.ts'
import { DocumentValidationError } from '../../errors.ts'
import { isArray, type Document, type Value } from '../../query/value.ts'

/** A value of the REST API: an object with one member, named after the type. */
export type FirestoreValue = Readonly<Record<string, unknown>>
export type FirestoreFields = Readonly<Record<string, FirestoreValue>>

/** Firestore has no arrays within arrays: one is wrapped in a map with this key, and a map that looks so in the other. */
const arrayMark = '$array'
const objectMark = '$object'

export function encodeValue(value: Value): FirestoreValue {
  switch (typeof value) {
    case 'string':
      return { stringValue: value }
    case 'boolean':
      return { booleanValue: value }
    case 'bigint':
      return { integerValue: String(value) }
    case 'number':
      // Whole numbers as other programs write them. Which of them were bigints is noted beside the document.
      return Number.isSafeInteger(value) ? { integerValue: String(value) } : { doubleValue: value }
    case 'object':
    default:
      return encodeObject(value)
  }
}

function encodeObject(value: Exclude<Value, string | boolean | bigint | number>): FirestoreValue {
  if (value === null) return { nullValue: null }
  if (value instanceof Date) return { timestampValue: timestampOf(value.getTime()) }
  if (value instanceof Uint8Array) return { bytesValue: toBase64(value) }
  if (isArray(value)) return { arrayValue: { values: value.map(encodeElement) } }
  if ('_bsontype' in value) {
    throw new DocumentValidationError('Firestore cannot store values that only MongoDB has', {
      reason: 'BadValue',
      hint: 'Store an ObjectId as its text: toHexString().',
    })
  }
  return { mapValue: { fields: encodeFields(value) } }
}

export function encodeFields(document: Document): FirestoreFields {
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, encodeValue(value)]))
}

function encodeElement(element: Value): FirestoreValue {
  const encoded = encodeValue(element)
  if (isArray(element)) return { mapValue: { fields: { [arrayMark]: encoded } } }
  return markOf(encoded) === undefined ? encoded : { mapValue: { fields: { [objectMark]: encoded } } }
}

export function decodeValue(value: FirestoreValue): Value {
  const [type = 'nullValue'] = Object.keys(value)
  const content = value[type]
  switch (type) {
    case 'stringValue':
    case 'referenceValue':
      return content as string
    case 'booleanValue':
      return content as boolean
    case 'integerValue':
      return integerOf(String(content))
    case 'doubleValue':
      return Number(content)
    case 'timestampValue':
      return new Date(millisecondsOf(content as string))
    case 'bytesValue':
      return fromBase64(content as string)
    case 'geoPointValue': {
      const { latitude = 0, longitude = 0 } = content as { latitude?: number; longitude?: number }
      return { latitude, longitude }
    }
    case 'arrayValue':
      return ((content as { values?: FirestoreValue[] }).values ?? []).map(decodeElement)
    case 'mapValue':
      return decodeFields((content as { fields?: FirestoreFields }).fields ?? {})
    case 'nullValue':
    default:
      return null
  }
}

export function decodeFields(fields: FirestoreFields): Document {
  const entries = Object.entries(fields).map(([name, value]) => [name, decodeValue(value)] as const)
  return Object.fromEntries(entries)
}

function decodeElement(element: FirestoreValue): Value {
  const marked = markOf(element)
  return decodeValue(marked ?? element)
}

/** What is wrapped in an element, if something is. */
function markOf(element: FirestoreValue): FirestoreValue | undefined {
  const { fields } = (element['mapValue'] ?? {}) as { fields?: FirestoreFields }
  if (fields === undefined) return undefined
  const [key, ...others] = Object.keys(fields)
  return others.length === 0 && (key === arrayMark || key === objectMark) ? fields[key] : undefined
}

function integerOf(digits: string): number | bigint {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}

/** RFC 3339 to the millisecond. */
export function timestampOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** What other programs have written to the nanosecond is read to the millisecond below. */
function millisecondsOf(timestamp: string): number {
  return Date.parse(timestamp.replace(/(\.\d{3})\d+/, '$1'))
}
