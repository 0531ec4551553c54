import { fromBase64, toBase64 } from '../../../../core/base64.ts'
import { inNotedOrder } from '../../../codec/document-notes.ts'
import { DocumentValidationError } from '../../../errors.ts'
import { isArray, setField, type Document, type Value } from '../../../query/value.ts'

/** A value of the REST API: an object with one member, named after the type. */
export type FirestoreValue = Readonly<Record<string, unknown>>
export type FirestoreFields = Readonly<Record<string, FirestoreValue>>

/** Firestore has no arrays within arrays: one is wrapped in a map with this key, and a map that looks so in the other. */
const arrayMark = '$array'
const objectMark = '$object'

export function encodeValue(value: Value): FirestoreValue {
  switch (typeof value) {
    case 'string':
      assertText(value)
      return { stringValue: value }
    case 'boolean':
      return { booleanValue: value }
    case 'bigint':
      return { integerValue: String(value) }
    case 'number':
      // Whole numbers as other programs write them. Which of them were bigints is noted beside the document.
      if (Number.isSafeInteger(value)) return { integerValue: String(value) }
      // JSON has no NaN and no infinities: what another program stored goes back as text.
      return { doubleValue: Number.isFinite(value) ? value : String(value) }
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

/** @throws DocumentValidationError for half of a surrogate pair, which would be stored as another character */
export function assertText(text: string): void {
  if (text.isWellFormed()) return
  throw new DocumentValidationError('text must be well-formed Unicode to be stored in Firestore', {
    reason: 'BadValue',
    hint: 'It has half of a surrogate pair: text that was cut inside a character, say.',
  })
}

function encodeFields(document: Document): FirestoreFields {
  const entries = Object.entries(document).map(([name, value]) => {
    assertText(name)
    return [name, encodeValue(value)] as const
  })
  return Object.fromEntries(entries)
}

export function encodeElement(element: Value): FirestoreValue {
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
      return vectorOf(value) ?? decodeFields((content as { fields?: FirestoreFields }).fields ?? {})
    case 'nullValue':
    default:
      return null
  }
}

function decodeFields(fields: FirestoreFields): Document {
  const content: Record<string, Value> = {}
  for (const [name, value] of inNotedOrder(Object.entries(fields))) setField(content, name, decodeValue(value))
  return content
}

export function decodeElement(element: FirestoreValue): Value {
  const marked = markOf(element)
  return decodeValue(marked ?? element)
}

/** What is wrapped in an element, if something is. */
function markOf(element: FirestoreValue): FirestoreValue | undefined {
  const { fields } = (element['mapValue'] ?? {}) as { fields?: FirestoreFields }
  if (fields === undefined) return undefined
  const [key, ...others] = Object.keys(fields)
  if (others.length > 0 || (key !== arrayMark && key !== objectMark)) return undefined
  const content = fields[key]
  if (key === arrayMark) return content?.['arrayValue'] === undefined ? undefined : content
  return content !== undefined && markOf(content) !== undefined ? content : undefined
}

/** The numbers of a vector, which Firestore stores as a map with a type. */
export function vectorOf(stored: FirestoreValue): readonly Value[] | undefined {
  const { fields = {} } = (stored['mapValue'] ?? {}) as { fields?: FirestoreFields }
  if (fields['__type__']?.['stringValue'] !== '__vector__') return undefined
  const { values = [] } = (fields['value']?.['arrayValue'] ?? {}) as { values?: readonly FirestoreValue[] }
  return values.map(decodeElement)
}

function integerOf(digits: string): number | bigint {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}

/** The first and the last moment, in milliseconds since 1970. */
export const dates = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')] as const

/** RFC 3339 to the millisecond. A bound of a query that lies outside of what can be stored becomes the nearest moment. */
export function timestampOf(milliseconds: number): string {
  if (milliseconds > dates[1]) return '9999-12-31T23:59:59.999999999Z'
  return new Date(Math.max(milliseconds, dates[0])).toISOString()
}

/** What other programs have written to the nanosecond is read to the millisecond below. */
function millisecondsOf(timestamp: string): number {
  return Date.parse(timestamp.replace(/(\.\d{3})\d+/, '$1'))
}
