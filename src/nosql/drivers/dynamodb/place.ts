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
  /** The partition of an index. */
  partitionOf(index: string): string
  entryKey(index: string, key: Uint8Array): Item
  lockKey(name: string): Item
  /** Where the collection's indexes are noted. */
  readonly catalogKey: Item
}

export function placeOf(client: Client, table: string, collection: string): Place {
  const key = (kind: string, rest: string, sortKey: Item[string] = noSortKey): Item => ({
    [attributes.pk]: { S: `${collection}#${kind}#${rest}` },
    [attributes.sk]: sortKey,
  })
  const partitionOf = (index: string) => `${collection}#i#${index}`
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
    partitionOf,
    entryKey: (index, bytes) => key('i', index, { B: bytes }),
    lockKey: (name) => key('u', name),
    catalogKey: key('m', ''),
  }
}

/** The table of a collection: letters, digits, `_`, `.` and `-`, at least three of them. */
export function tableName(prefix: string, collection: string): string {
  const safe = collection.replace(/[^\w.-]/gu, (character) => `_${character.codePointAt(0)?.toString(16)}_`)
  return `${prefix}${safe}`.padEnd(3, '-').slice(0, 255)
}
