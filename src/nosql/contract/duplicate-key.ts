import { DuplicateKeyError } from '../../core/errors.ts'
import type { IndexModel } from './index-model.ts'

/** A document that stands in the way of another, in an index of a collection. It names fields and no values. */
export function duplicateKey(collection: string, { name, key }: Pick<IndexModel, 'name' | 'key'>): DuplicateKeyError {
  return duplicateOf({ collection, index: name, fields: key.map(([path]) => path) })
}

/** The same from what a database says of it. */
export function duplicateOf(
  details: { readonly collection: string; readonly index: string; readonly fields: readonly string[] },
  cause?: Error,
): DuplicateKeyError {
  const { collection, fields } = details
  return new DuplicateKeyError(
    `a document cannot be stored: another in '${collection}' has this ${fields.join(', ')}`,
    { details, publicMessage: 'a document cannot be stored: another has this key', cause },
  )
}
