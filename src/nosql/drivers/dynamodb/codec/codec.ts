import { keptForms } from '../../../codec/kept-forms.ts'
import { notesOf, withBigints } from '../../../codec/document-notes.ts'
import { readBigints, readOrder } from '../../../codec/read-notes.ts'
import { idOfText, idText } from '../../../keys/id-text.ts'
import type { Document, Value } from '../../../query/value.ts'
import type { AttributeValue, Item } from './attribute-values.ts'
import { foreignValues } from './foreign-values.ts'
import { numbersOf } from './number-notes.ts'
import { decodeFields, encodeFields } from './value-codec.ts'

/**
 * The attributes of an item: `pk` and `sk` are its key, `c` its collection, `k` its kind, `d` the document without its
 * `_id`, `i` the text of the `_id`, `n` the order of keys, `b` the paths of bigints that read as numbers, `f` is there
 * where a number has a fraction, `r` a value that changes with every write, `t` when DynamoDB may delete the item, in
 * seconds since 1970. A lock has the key of the document that holds it in `i`, and the name of its index in `x`.
 */
export const attributes = {
  pk: 'pk',
  sk: 'sk',
  collection: 'c',
  kind: 'k',
  document: 'd',
  id: 'i',
  orders: 'n',
  bigints: 'b',
  fractions: 'f',
  revision: 'r',
  index: 'x',
  expiry: 't',
} as const

export const noSortKey: AttributeValue = { B: new Uint8Array([0]) }

/** What a write is conditional on, and the item as it is stored. */
export interface Revision {
  readonly text: string
  readonly item: Item
}

/** A revision of the portable layer, as the one that a read of this driver has made. */
export function ownRevision(revision: unknown): Revision {
  return revision as Revision
}

/** The document that is replaced, as it is read and as it is stored. */
export interface StoredBefore {
  readonly document: Document
  readonly item: Item
}

interface Encoding {
  /** Of the write. */
  readonly revision: string
  readonly before?: StoredBefore | undefined
}

/**
 * What a document and each of its index entries hold. Values of other programs that were in the document before are kept as
 * they are stored.
 *
 * @throws DocumentValidationError for values of other programs that cannot be told apart
 */
export function encodeDocument(document: Document, { revision, before }: Encoding): Item {
  const { _id: id, ...content } = document
  const foreign = before === undefined ? [] : foreignValues(fieldsOf(before.item))
  const kept = before && keptForms(foreign, { before: before.document, after: content })
  const { o: orders } = notesOf(document)
  const { bigints, fractions } = numbersOf(document)
  return {
    [attributes.document]: { M: encodeFields(content, kept) },
    [attributes.id]: { S: idText(id ?? null) },
    [attributes.revision]: { S: revision },
    ...(orders !== undefined && { [attributes.orders]: { S: JSON.stringify(orders) } }),
    ...(bigints.length > 0 && { [attributes.bigints]: { S: JSON.stringify(bigints) } }),
    ...(fractions && { [attributes.fractions]: { BOOL: true } }),
  }
}

export function decodeDocument(item: Item): Document {
  const orders = item[attributes.orders]?.['S']
  const bigints = item[attributes.bigints]?.['S']
  const order = typeof orders === 'string' ? readOrder(orders) : undefined
  const content: Record<string, Value> = { _id: idOfText(String(item[attributes.id]?.['S'] ?? '')) }
  const document = decodeFields(fieldsOf(item), { order, content })
  return typeof bigints === 'string' ? withBigints(document, readBigints(bigints)) : document
}

function fieldsOf(item: Item): Item {
  return (item[attributes.document]?.['M'] ?? {}) as Item // `M` has a map, by the protocol
}

export function revisionOf(item: Item): string {
  return String(item[attributes.revision]?.['S'] ?? '')
}

/** The revision that a write leaves: a new one, which says whether a program has given the whole document. */
export function newRevision({ replaces = false }: { readonly replaces?: boolean | undefined } = {}): string {
  return `${replaces ? '=' : ''}${crypto.randomUUID()}`
}

export function isReplacement(revision: string): boolean {
  return revision.startsWith('=')
}
