import { DocumentValidationError } from '../../errors.ts'
import { idText } from '../../keys/id-text.ts'
import { textBytes } from '../../query/text-bytes.ts'
import type { Value } from '../../query/value.ts'
import type { Item } from './codec/attribute-values.ts'
import { attributes, noSortKey } from './codec/codec.ts'
import type { Client } from './transport/transport.ts'

/** Most bytes of a partition key. */
const mostKeyBytes = 2048

/** Most bytes that the name of a part of an index has beside that of the index. */
const mostPartBytes = 192

/** A collection within its table. */
export interface Place {
  readonly client: Client
  readonly table: string
  readonly collection: string
  /** The key of a document; undefined for a value that no document here can have. */
  keyOf(id: Value): Item | undefined
  /** The same for one that is to be stored. @throws DocumentValidationError for a value that no document here can have */
  keyFor(id: Value): Item
  /** The key of an entry in a part of an index, as `index-parts` names it. */
  entryKey(part: string, key: Uint8Array): Item
  /** The part that an entry of this collection is kept in. */
  partOf(entry: Item): string
  lockKey(name: string): Item
  /** @throws DocumentValidationError where the keys of its entries would be too long */
  assertIndexFits(index: string): void
  /** Where the collection's indexes are noted. */
  readonly catalogKey: Item
  /** Of what is written for readers of the table's stream when the collection is dropped. */
  readonly dropKey: Item
}

export function placeOf(client: Client, table: string, collection: string): Place {
  // No part of a name looks like the sign after it.
  const prefix = `${collection.replace(/[%#]/g, encodeURIComponent)}#`
  const keyIn = (partition: string, sortKey: Item[string]): Item => ({
    [attributes.pk]: { S: `${prefix}${partition}` },
    [attributes.sk]: sortKey,
  })
  const key = (kind: string, rest: string): Item => keyIn(`${kind}#${rest}`, noSortKey)
  const keyFor = (id: Value): Item => {
    const text = `d#${idText(id)}`
    assertKeyFits(prefix + text, { field: '_id', hint: 'Use a shorter _id, or a shorter name for the collection.' })
    return keyIn(text, noSortKey)
  }
  return {
    client,
    table,
    collection,
    keyFor,
    keyOf(id) {
      try {
        return keyFor(id)
      } catch (error) {
        if (error instanceof DocumentValidationError) return undefined
        throw error
      }
    },
    entryKey: (part, bytes) => keyIn(part, { B: bytes }),
    partOf: (item) => String(item[attributes.pk]?.['S']).slice(prefix.length),
    lockKey: (name) => key('u', name),
    assertIndexFits(index) {
      const hint = 'Use a shorter name for the index, or for the collection.'
      assertKeyFits(`${prefix}${index}${'-'.repeat(mostPartBytes)}`, { field: 'name', hint })
    },
    catalogKey: key('m', ''),
    dropKey: key('m', 'drop'),
  }
}

/** What makes a key long beside the name of its collection. */
interface KeyPart {
  readonly field: string
  readonly hint: string
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
function assertKeyFits(key: string, { field, hint }: KeyPart): void {
  const bytes = textBytes(key)
  if (bytes <= mostKeyBytes) return
  throw new DocumentValidationError(
    `${field} with the name of its collection must be at most ${mostKeyBytes} bytes long in DynamoDB, not ${bytes}`,
    { reason: 'BadValue', path: field, hint, details: { field, bytes, limit: mostKeyBytes } },
  )
}
