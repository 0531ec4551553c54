import { setField } from '../../../../core/plain-object.ts'
import { notesOf, withBigints, type DocumentNotes } from '../../../codec/document-notes.ts'
import { keptForms } from '../../../codec/kept-forms.ts'
import { keysInOrder } from '../../../codec/noted-order.ts'
import { readNotes, type ReadNotes } from '../../../codec/read-notes.ts'
import { idOfText, idText } from '../../../keys/id-text.ts'
import { type Document, type Value } from '../../../query/value.ts'
import { deletedField, deletedOf, markOfDeleted, type DeletedNote } from './deleted-mark.ts'
import { foreignValues } from './foreign-values.ts'
import { assertText, decodeValue, encodeValue, type FirestoreFields, type FirestoreValue } from './value-codec.ts'

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

type Notes = DocumentNotes & DeletedNote

/** The document that is replaced, as it is read and as it is stored. */
export interface StoredBefore {
  readonly document: Document
  readonly fields: FirestoreFields
}

/**
 * The fields of a document, without its `_id`, which is its name. Values of other programs that were in the document
 * before are kept as they are stored.
 *
 * @throws DocumentValidationError for text that is not well-formed Unicode, which UTF-8 cannot hold, and for values of
 *   other programs that cannot be told apart
 */
export function encodeDocument(document: Document, before?: StoredBefore): FirestoreFields {
  const kept = before && keptForms(foreignValues(before.fields), { before: before.document, after: document })
  const forms = kept?.get(document)
  const fields: Record<string, FirestoreValue> = {}
  for (const [name, value] of Object.entries(document)) {
    if (name === '_id' || name === deletedField) continue
    assertText(name)
    fields[name] = forms?.get(name) ?? encodeValue(value, kept)
  }
  const { mark, note } = markOfDeleted(document[deletedField])
  fields[deletedField] = mark
  const notes: Notes = { ...notesOf(document), ...note }
  // A false mark alone means nothing: every document has it.
  const isPlain = notes.b === undefined && notes.o === undefined && notes.d === 1
  if (!isPlain) fields[notesField] = { stringValue: JSON.stringify(notes) }
  return fields
}

export function decodeDocument(
  { name, fields = {} }: FirestoreDocument,
  idOf: (name: string) => string | number | bigint = idOfName,
): Document {
  const notes = notesIn(fields[notesField])
  const order = notes?.order
  const deleted = deletedOf(fields[deletedField], notes?.others, order?.within?.get(deletedField))
  const content: Record<string, Value> = { _id: idOf(name) }
  // Where only a part was read, the mark may be missing beside its note.
  const all = deleted === undefined || deletedField in fields ? fields : { ...fields, [deletedField]: {} }
  const apart: string[] = []
  // A field of this name that holds no notes is another program's.
  if (notes !== undefined) apart.push(notesField)
  if (deleted === undefined && deletedField in all) apart.push(deletedField)
  for (const field of keysInOrder(all, order, apart)) {
    const isMark = field === deletedField && deleted !== undefined
    const value = isMark ? deleted : decodeValue(all[field] as FirestoreValue, order?.within?.get(field))
    setField(content, field, value)
  }
  return notes === undefined || notes.bigints.length === 0 ? content : withBigints(content, notes.bigints)
}

export function idOfName(name: string): string | number | bigint {
  return idOfText(name.slice(name.lastIndexOf('/') + 1))
}

/** The last segment of a document's name. */
export function documentIdOf(id: Value): string {
  return idText(id)
}

function notesIn(stored: FirestoreValue | undefined): ReadNotes | undefined {
  const text = stored?.['stringValue']
  return typeof text === 'string' ? readNotes(text) : undefined
}
