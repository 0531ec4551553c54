import { applyNotes, notesOf } from '../../codec/document-notes.ts'
import { idOfText, idText } from '../../keys/id-text.ts'
import type { Document, Value } from '../../query/value.ts'
import type { AttributeValue, Item } from './attribute-values.ts'
import { decodeFields, encodeFields } from './value-codec.ts'

/**
 * The attributes of an item: `pk` and `sk` are its key, `c` its collection, `k` its kind, `d` the document without its
 * `_id`, `i` the text of the `_id`, `n` what DynamoDB's types cannot say, `r` a value that changes with every write. A lock
 * has the key of the document that holds it in `i`, and the name of its index in `x`.
 */
export const attributes = {
  pk: 'pk',
  sk: 'sk',
  collection: 'c',
  kind: 'k',
  document: 'd',
  id: 'i',
  notes: 'n',
  revision: 'r',
  index: 'x',
} as const

export const noSortKey: AttributeValue = { B: new Uint8Array([0]) }

/** What a document and each of its index entries hold. */
export function encodeDocument(document: Document, revision: string): Item {
  const { _id: id, ...content } = document
  const notes = notesOf(document)
  return {
    [attributes.document]: { M: encodeFields(content) },
    [attributes.id]: { S: idText(id ?? null) },
    [attributes.revision]: { S: revision },
    ...(Object.keys(notes).length > 0 && { [attributes.notes]: { S: JSON.stringify(notes) } }),
  }
}

export function decodeDocument(item: Item): Document {
  const content = decodeFields((item[attributes.document]?.['M'] ?? {}) as Item)
  const _id: Value = idOfText(String(item[attributes.id]?.['S'] ?? ''))
  const notes = item[attributes.notes]?.['S']
  const plain: Document = { _id, ...content }
  // Written by this codec.
  return typeof notes === 'string' ? applyNotes(plain, JSON.parse(notes) as ReturnType<typeof notesOf>) : plain
}

export function revisionOf(item: Item): string {
  return String(item[attributes.revision]?.['S'] ?? '')
}
