import { DocumentValidationError } from '../../errors.ts'
import type { Value } from '../../query/value.ts'
import { documentIdOf, idOfName } from './codec/codec.ts'
import { collectionOf, type CollectionPath } from './collection-path.ts'
import type { Transport } from './transport.ts'

/** A collection within a database. */
export interface Place {
  readonly transport: Transport
  readonly collection: string
  readonly collectionId: string
  /** All collections of this id. The `_id` of a document is then its path, and names are not in the order of `_id`s. */
  readonly isGroup: boolean
  /** For calls that work below a document. */
  readonly below: { readonly parent?: string }
  /** The name of the document with this `_id`; undefined for a value that no document here can have. */
  nameOf(id: Value): string | undefined
  /** The `_id` of the document with this name. */
  idOf(name: string): string | number | bigint
}

export function placeOf(transport: Transport, collection: string): Place {
  const { parent, collectionId, isGroup } = collectionOf(collection)
  const ways = isGroup ? groupNames(transport, { parent, collectionId }) : ownNames(transport, collection)
  return { transport, collection, collectionId, isGroup, below: parent === undefined ? {} : { parent }, ...ways }
}

function ownNames({ root }: Transport, collection: string): Pick<Place, 'nameOf' | 'idOf'> {
  return {
    idOf: idOfName,
    nameOf(id) {
      try {
        return `${root}/${collection}/${documentIdOf(id)}`
      } catch (error) {
        if (error instanceof DocumentValidationError) return undefined
        throw error
      }
    },
  }
}

function groupNames(
  { root }: Transport,
  { parent, collectionId }: Pick<CollectionPath, 'parent' | 'collectionId'>,
): Pick<Place, 'nameOf' | 'idOf'> {
  const beginning = parent === undefined ? '' : `${parent}/`
  return {
    idOf: (name) => name.slice(root.length + 1),
    nameOf(id) {
      if (typeof id !== 'string') return undefined
      const segments = id.split('/')
      const isOne = segments.length % 2 === 0 && !segments.includes('')
      return isOne && segments.at(-2) === collectionId && id.startsWith(beginning) ? `${root}/${id}` : undefined
    },
  }
}
