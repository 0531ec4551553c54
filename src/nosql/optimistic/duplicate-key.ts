import { DuplicateKeyError } from '../../core/errors.ts'
import type { IndexModel } from '../contract/index-model.ts'

/** The error for a document whose place in a unique index another one has. It names paths, never a value. */
export function duplicateKey(collection: string, { name, key }: Pick<IndexModel, 'name' | 'key'>): DuplicateKeyError {
  const fields = key.map(([path]) => path)
  return new DuplicateKeyError(`a document with this ${fields.join(', ')} is already in '${collection}'`, {
    details: { collection, index: name, fields },
    publicMessage: 'a document with this key exists already',
  })
}
