import { DuplicateKeyError } from '../../core/errors.ts'
import type { IndexModel } from './index-model.ts'

/** A document that stands in the way of another, in an index of a collection. It names fields and no values. */
export function duplicateKey(collection: string, { name, key }: Pick<IndexModel, 'name' | 'key'>): DuplicateKeyError {
  const fields = key.map(([path]) => path)
  return new DuplicateKeyError(
    `a document cannot be stored: another in '${collection}' has this ${fields.join(', ')}`,
    {
      details: { collection, index: name, fields },
      publicMessage: 'a document cannot be stored: another has this key',
    },
  )
}
