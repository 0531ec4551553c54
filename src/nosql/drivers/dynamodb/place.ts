import { DocumentValidationError } from '../../errors.ts'
import { idText } from '../../keys/id-text.ts'
import type { Value } from '../../query/value.ts'
import type { Item } from './codec/attribute-values.ts'
import { attributes, noSortKey } from './codec/codec.ts'
import type { Client } from './transport/transport.ts'

/** A collection within its table. */
export interface Place {
  readonly client: Client
  readonly table: string
  readonly collection: string
  /** The key of a document; undefined for a value that no document here can have. */
  keyOf(id: Value): Item | undefined
  /** The key of an entry in a part of an index, as `index-parts` names it. */
  entryKey(part: string, key: Uint8Array): Item
  /** The part in which an entry of this collection stands. */
  partOf(entry: Item): string
  lockKey(name: string): Item
  /** Where the collection's indexes are noted. */
  readonly catalogKey: Item
}

export function placeOf(client: Client, table: string, collection: string): Place {
  // Nothing of a name looks like the sign behind it.
  const prefix = `${collection.replace(/[%#]/g, encodeURIComponent)}#`
  const keyIn = (partition: string, sortKey: Item[string]): Item => ({
    [attributes.pk]: { S: `${prefix}${partition}` },
    [attributes.sk]: sortKey,
  })
  const key = (kind: string, rest: string): Item => keyIn(`${kind}#${rest}`, noSortKey)
  return {
    client,
    table,
    collection,
    keyOf(id) {
      try {
        return key('d', idText(id))
      } catch (error) {
        if (error instanceof DocumentValidationError) return undefined
        throw error
      }
    },
    entryKey: (part, bytes) => keyIn(part, { B: bytes }),
    partOf: (item) => String(item[attributes.pk]?.['S']).slice(prefix.length),
    lockKey: (name) => key('u', name),
    catalogKey: key('m', ''),
  }
}
