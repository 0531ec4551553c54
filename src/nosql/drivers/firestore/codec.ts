import { equalValues } from '../../query/compare.ts'
import { idOfText, idText } from '../../keys/id-text.ts'
import { isArray, isDocument, type Document, type Value } from '../../query/value.ts'
import { decodeValue, encodeValue, type FirestoreFields, type FirestoreValue } from './value-codec.ts'

/** A document as the REST API sends it. */
export interface FirestoreDocument {
  readonly name: string
  readonly fields?: FirestoreFields
  readonly updateTime?: string
}

/** What a write is conditional on, and the fields as they are stored. */
export interface Revision {
  readonly updateTime: string
  readonly fields: FirestoreFields
}

/** Holds what Firestore's own types cannot say: the order of keys, and which whole numbers are bigints. */
export const notesField = '_lexigram'
/** Stored as `false` where a document does not have it, so that those that are not deleted can be asked for. */
export const deletedField = '_deleted'

/** Paths as lists of keys: field names may have dots. */
interface Notes {
  /** Bigints. */
  readonly b?: readonly (readonly string[])[]
  /** Objects whose keys do not stand in the order in which Firestore keeps them. */
  readonly o?: readonly (readonly [path: readonly string[], keys: readonly string[]])[]
  /** `_deleted` was added by this codec. */
  readonly d?: 1
}

/**
 * The fields of a document, without its `_id`, which is its name. Where a value is the one that is stored already, it is
 * kept as it is stored: a timestamp to the nanosecond or a reference that another program wrote stays what it was.
 */
export function encodeDocument(document: Document, stored?: FirestoreFields): FirestoreFields {
  const { _id: id, ...content } = document
  const fields: Record<string, FirestoreValue> = {}
  for (const [name, value] of Object.entries(content)) fields[name] = encodeOver(value, stored?.[name])
  const notes = notesOf(id, content)
  if (fields[deletedField] === undefined) {
    fields[deletedField] = { booleanValue: false }
    notes.d = 1
  }
  if (Object.keys(notes).length > 1 || notes.d === undefined) {
    fields[notesField] = { stringValue: JSON.stringify(notes) }
  }
  return fields
}

export function decodeDocument({ name, fields = {} }: FirestoreDocument): Document {
  const { [notesField]: noted, ...stored } = fields
  const notes = parseNotes(noted)
  const isAdded = notes === undefined ? stored[deletedField]?.['booleanValue'] === false : notes.d === 1
  const content: Record<string, Value> = {}
  for (const [field, value] of Object.entries(stored)) {
    if (field !== deletedField || !isAdded) define(content, field, decodeValue(value))
  }
  const plain: Document = { _id: idOfText(decodeURIComponent(name.slice(name.lastIndexOf('/') + 1))), ...content }
  return notes === undefined ? plain : applyNotes(plain, notes)
}

/** The last segment of a document's name. */
export function documentIdOf(id: Value): string {
  return idText(id)
}

function encodeOver(value: Value, stored: FirestoreValue | undefined): FirestoreValue {
  if (stored !== undefined && isForeign(stored) && equalValues(decodeValue(stored), value)) return stored
  if (stored?.['mapValue'] === undefined || !isDocument(value)) return encodeValue(value)
  const { fields: inner = {} } = stored['mapValue'] as { fields?: FirestoreFields }
  const entries = Object.entries(value).map(([name, field]) => [name, encodeOver(field, inner[name])] as const)
  return { mapValue: { fields: Object.fromEntries(entries) } }
}

/** Whether a stored value, or one within it, is of a type that is read as something less. */
function isForeign(stored: FirestoreValue): boolean {
  if ('referenceValue' in stored || 'geoPointValue' in stored) return true
  if ('timestampValue' in stored) return /\.\d{3}\d*[1-9]/.test(stored['timestampValue'] as string)
  if ('arrayValue' in stored) {
    const { values = [] } = stored['arrayValue'] as { values?: readonly FirestoreValue[] }
    return values.some(isForeign)
  }
  return false
}

function notesOf(id: Value | undefined, content: Document): { -readonly [K in keyof Notes]: Notes[K] } {
  const bigints: (readonly string[])[] = typeof id === 'bigint' ? [['_id']] : []
  const orders: (readonly [readonly string[], readonly string[]])[] = []
  collect(content, [], { bigints, orders })
  return { ...(bigints.length > 0 && { b: bigints }), ...(orders.length > 0 && { o: orders }) }
}

interface Found {
  readonly bigints: (readonly string[])[]
  readonly orders: (readonly [readonly string[], readonly string[]])[]
}

function collect(value: Value, path: readonly string[], found: Found): void {
  if (typeof value === 'bigint') {
    // Outside of the safe range a whole number is read as a bigint anyway.
    if (Number.isSafeInteger(Number(value))) found.bigints.push(path)
  } else if (isArray(value)) {
    for (const [index, element] of value.entries()) collect(element, [...path, String(index)], found)
  } else if (isDocument(value)) {
    const keys = Object.keys(value)
    if (!isSorted(keys)) found.orders.push([path, keys])
    for (const key of keys) collect(value[key] as Value, [...path, key], found)
  }
}

/** Firestore sorts keys by their UTF-8 bytes; ASCII tells the same by code units. */
function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || byCodePoint(keys[index - 1] ?? '', key) <= 0)
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)]
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? 0)
    if (order !== 0) return order
  }
  return left.length - right.length
}

function parseNotes(stored: FirestoreValue | undefined): Notes | undefined {
  const text = stored?.['stringValue']
  if (typeof text !== 'string') return undefined
  try {
    return JSON.parse(text) as Notes
  } catch {
    // Another program's field of this name.
    return undefined
  }
}

function applyNotes(document: Document, { b = [], o = [] }: Notes): Document {
  let noted: Value = document
  for (const path of b) noted = changedAt(noted, path, (value) => (typeof value === 'number' ? BigInt(value) : value))
  // Outer objects last: an inner one is copied into its place.
  for (const [path, keys] of [...o].reverse())
    noted = changedAt(noted, path, (value) => inOrder(value, path.length === 0 ? ['_id', ...keys] : keys))
  return noted as Document // a document with other values and orders inside
}

function changedAt(value: Value, [step, ...rest]: readonly string[], change: (value: Value) => Value): Value {
  if (step === undefined) return change(value)
  if (isArray(value)) {
    const index = Number(step)
    return value.map((element, at) => (at === index ? changedAt(element, rest, change) : element))
  }
  if (!isDocument(value) || !Object.hasOwn(value, step)) return value
  const copy: Record<string, Value> = {}
  for (const [key, inner] of Object.entries(value))
    define(copy, key, key === step ? changedAt(inner, rest, change) : inner)
  return copy
}

/** Keys that were added by another program stand last. */
function inOrder(value: Value, keys: readonly string[]): Value {
  if (!isDocument(value)) return value
  const ordered: Record<string, Value> = {}
  for (const key of [...keys, ...Object.keys(value)]) {
    if (Object.hasOwn(value, key) && !Object.hasOwn(ordered, key)) define(ordered, key, value[key] as Value)
  }
  return ordered
}

/** Also for a key such as `__proto__`, which is data here. */
function define(target: Record<string, Value>, key: string, value: Value): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
}
