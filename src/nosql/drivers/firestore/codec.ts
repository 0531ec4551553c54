import { equalValues } from '../../query/compare.ts'
import { idOfText, idText } from '../../keys/id-text.ts'
import { applyNotes, defineField, notesOf, type DocumentNotes } from '../../codec/document-notes.ts'
import { isDocument, type Document, type Value } from '../../query/value.ts'
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

interface Notes extends DocumentNotes {
  /** `_deleted` was added by this codec. */
  readonly d?: 1
}

/**
 * The fields of a document, without its `_id`, which is its name. Where a value is the one that is stored already, it is
 * kept as it is stored: a timestamp to the nanosecond or a reference that another program wrote stays what it was.
 */
export function encodeDocument(document: Document, stored?: FirestoreFields): FirestoreFields {
  const { _id: _name, ...content } = document
  const fields: Record<string, FirestoreValue> = {}
  for (const [name, value] of Object.entries(content)) fields[name] = encodeOver(value, stored?.[name])
  const notes: { -readonly [K in keyof Notes]: Notes[K] } = { ...notesOf(document) }
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
    if (field !== deletedField || !isAdded) defineField(content, field, decodeValue(value))
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
