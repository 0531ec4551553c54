import { DocumentValidationError } from '../../errors.ts'
import type { Value } from '../../query/value.ts'
import { documentIdOf } from './codec.ts'
import { collectionOf } from './query.ts'
import type { Transport } from './transport.ts'

/** A collection within a database. */
export interface Place {
  readonly transport: Transport
  readonly collection: string
  readonly collectionId: string
  /** For calls that work below a document. */
  readonly below: { readonly parent?: string }
  /** The name of the document with this `_id`; undefined for a value that no document here can have. */
  nameOf(id: Value): string | undefined
}

export function placeOf(transport: Transport, collection: string): Place {
  const { parent, collectionId } = collectionOf(collection)
  return {
    transport,
    collection,
    collectionId,
    below: parent === undefined ? {} : { parent },
    nameOf(id) {
      try {
        return `${transport.root}/${collection}/${documentIdOf(id)}`
      } catch (error) {
        if (error instanceof DocumentValidationError) return undefined
        throw error
      }
    },
  }
}
