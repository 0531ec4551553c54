import type { StoredDocument } from '../../../contract/query.ts'
import type { Item } from '../codec/attribute-values.ts'
import { attributes, decodeDocument, ownRevision, revisionOf, type Revision } from '../codec/codec.ts'

export function stored(item: Item): StoredDocument {
  return { document: decodeDocument(item), revision: { text: revisionOf(item), item } satisfies Revision }
}

/** The text of a document's `_id`, as it is stored. */
export function storedId({ revision }: StoredDocument): unknown {
  return ownRevision(revision).item[attributes.id]?.['S']
}
