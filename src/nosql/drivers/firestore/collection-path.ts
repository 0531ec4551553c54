import { DocumentValidationError } from '../../errors.ts'

/** Where a collection is. */
export interface CollectionPath {
  /** The document below which it is; undefined at the root. */
  readonly parent: string | undefined
  readonly collectionId: string
  /** All collections of this id, wherever below the parent they are. */
  readonly isGroup: boolean
}

/**
 * `orders` is a collection, and `users/1/orders` one below a document. With a star as the only part before its id, or
 * after a document, it is the group of all collections of this id, at any depth.
 *
 * @throws DocumentValidationError for a path of a document, and for empty parts
 */
export function collectionOf(name: string): CollectionPath {
  // Most are at the root.
  if (/^[^/*]+$/.test(name)) return { parent: undefined, collectionId: name, isGroup: false }
  const segments = name.split('/')
  const collectionId = segments.at(-1) ?? name
  const isGroup = segments.at(-2) === '*'
  const above = segments.slice(0, isGroup ? -2 : -1)
  if (above.length % 2 !== 0 || segments.includes('') || collectionId === '*') {
    throw new DocumentValidationError('the name of a Firestore collection must have an odd number of parts', {
      reason: 'InvalidNamespace',
      hint: "Write 'orders', 'users/1/orders', or '*/orders' for all collections of that name.",
    })
  }
  return { parent: above.length === 0 ? undefined : above.join('/'), collectionId, isGroup }
}
