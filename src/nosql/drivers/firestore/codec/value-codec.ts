import { setField } from '../../../../core/plain-object.ts'
import { fromBase64, toBase64 } from '../../../../core/base64.ts'
import type { KeptForms } from '../../../codec/kept-forms.ts'
import { keysInOrder, type NotedOrder } from '../../../codec/noted-order.ts'
import { DocumentValidationError } from '../../../errors.ts'
import { isArray, type Document, type Value } from '../../../query/value.ts'

/** A value of the REST API: an object with one member, named after the type. */
export type FirestoreValue = Readonly<Record<string, unknown>>
export type FirestoreFields = Readonly<Record<string, FirestoreValue>>

/** Firestore has no arrays within arrays: one is wrapped in a map with this key, and a map that looks so in the other. */
const arrayMark = '$array'
const objectMark = '$object'

type Kept = KeptForms<FirestoreValue>

/** @param kept what stays as it is stored already */
export function encodeValue(value: Value, kept?: Kept): FirestoreValue {
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
      return encodeObject(value, kept)
  }
}

function encodeObject(value: Exclude<Value, string | boolean | bigint | number>, kept?: Kept): FirestoreValue {
  if (value === null) return { nullValue: null }
  if (value instanceof Date) return { timestampValue: timestampOf(value.getTime()) }
  if (value instanceof Uint8Array) return { bytesValue: toBase64(value) }
  if (isArray(value)) return { arrayValue: { values: encodeElements(value, kept) } }
  if ('_bsontype' in value) {
    throw new DocumentValidationError('Firestore cannot store values that only MongoDB has', {
      reason: 'BadValue',
      hint: 'Store an ObjectId as its text: toHexString().',
    })
  }
  return { mapValue: { fields: encodeFields(value, kept) } }
}

/** @throws DocumentValidationError for half of a surrogate pair, which would be stored as another character */
export function assertText(text: string): void {
  if (text.isWellFormed()) return
  throw new DocumentValidationError('text must be well-formed Unicode to be stored in Firestore', {
    reason: 'BadValue',
    hint: 'It has half of a surrogate pair: text that was cut inside a character, say.',
  })
}

function encodeFields(document: Document, kept?: Kept): FirestoreFields {
  const forms = kept?.get(document)
  const entries = Object.entries(document).map(([name, value]) => {
    assertText(name)
    return [name, forms?.get(name) ?? encodeValue(value, kept)] as const
  })
  return Object.fromEntries(entries)
}

function encodeElements(array: readonly Value[], kept?: Kept): readonly FirestoreValue[] {
  const forms = kept?.get(array)
  return array.map((element, at) => forms?.get(String(at)) ?? encodeElement(element, kept))
}

function encodeElement(element: Value, kept?: Kept): FirestoreValue {
  const encoded = encodeValue(element, kept)
  if (isArray(element)) return { mapValue: { fields: { [arrayMark]: encoded } } }
  return markOf(encoded) === undefined ? encoded : { mapValue: { fields: { [objectMark]: encoded } } }
}

/** @param order of the keys of what is in it, where that is noted */
export function decodeValue(value: FirestoreValue, order?: NotedOrder): Value {
  const members = membersOf(value)
  // One after the other, the frequent ones first: looking for a member that is not there is what costs.
  if (members.stringValue !== undefined) return members.stringValue
  if (members.integerValue !== undefined) return integerOf(members.integerValue)
  if (members.mapValue !== undefined) return vectorOf(value) ?? decodeFields(members.mapValue.fields ?? {}, order)
  if (members.arrayValue !== undefined) return decodeElements(members.arrayValue.values ?? [], order)
  return members.booleanValue ?? decodeRare(value)
}

/** Members of a value of the REST API, of which one is there. */
interface KnownMembers {
  readonly stringValue?: string
  /** Text; some programs write a number. */
  readonly integerValue?: string | number
  readonly mapValue?: { readonly fields?: FirestoreFields }
  readonly arrayValue?: { readonly values?: readonly FirestoreValue[] }
  readonly booleanValue?: boolean
}

function decodeRare(value: FirestoreValue): Value {
  const [type = 'nullValue'] = Object.keys(value)
  const content = value[type]
  switch (type) {
    case 'referenceValue':
      return content as string // by the protocol
    case 'doubleValue':
      return Number(content)
    case 'timestampValue':
      return new Date(millisecondsOf(content as string)) // by the protocol
    case 'bytesValue':
      return fromBase64(content as string) // by the protocol
    case 'geoPointValue': {
      const { latitude = 0, longitude = 0 } = content as { latitude?: number; longitude?: number } // by the protocol
      return { latitude, longitude }
    }
    case 'nullValue':
    default:
      return null
  }
}

function decodeFields(fields: FirestoreFields, order: NotedOrder | undefined): Document {
  const content: Record<string, Value> = {}
  for (const name of keysInOrder(fields, order)) {
    // `name` is one of its keys.
    setField(content, name, decodeValue(fields[name] as FirestoreValue, order?.within?.get(name)))
  }
  return content
}

function decodeElements(values: readonly FirestoreValue[], order: NotedOrder | undefined): readonly Value[] {
  const within = order?.within
  return within === undefined
    ? values.map((element) => decodeElement(element))
    : values.map((element, at) => decodeElement(element, within.get(String(at))))
}

function decodeElement(element: FirestoreValue, order?: NotedOrder): Value {
  return decodeValue(markOf(element) ?? element, order)
}

/** What is wrapped in an element, if something is. */
export function markOf(element: FirestoreValue): FirestoreValue | undefined {
  const fields = membersOf(element).mapValue?.fields
  if (fields === undefined || !(arrayMark in fields || objectMark in fields)) return undefined
  const [key, ...others] = Object.keys(fields)
  if (others.length > 0 || (key !== arrayMark && key !== objectMark)) return undefined
  const content = fields[key]
  if (key === arrayMark) return content?.['arrayValue'] === undefined ? undefined : content
  return content !== undefined && markOf(content) !== undefined ? content : undefined
}

/** The elements of an array, as they are stored. */
export function elementsOf(stored: FirestoreValue): readonly FirestoreValue[] {
  return membersOf(stored).arrayValue?.values ?? []
}

function membersOf(stored: FirestoreValue): KnownMembers {
  return stored
}

/** The fields of a map, as they are stored. */
export function fieldsOf(stored: FirestoreValue): FirestoreFields {
  return membersOf(stored).mapValue?.fields ?? {}
}

/** The numbers of a vector, which Firestore stores as a map with a type. */
export function vectorOf(stored: FirestoreValue): readonly Value[] | undefined {
  const fields = membersOf(stored).mapValue?.fields
  if (fields === undefined || fields['__type__']?.['stringValue'] !== '__vector__') return undefined
  return elementsOf(fields['value'] ?? {}).map((each) => decodeElement(each))
}

function integerOf(digits: string | number): number | bigint {
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
