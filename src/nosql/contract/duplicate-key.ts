import { assertMembers, must } from '../../core/assert-options.ts'
import { DuplicateKeyError } from '../../core/errors.ts'
import type { IndexModel } from './index-model.ts'

/**
 * For drivers: the error for a document that another one keeps out, by a key of an index; `_id_` is the index of `_id`. It
 * names fields and no values, and the index by which the portable layer finds an expired document that holds the key.
 *
 * @throws UsageError `LEX_ERR_USE_001` for anything but the name of a collection and an index
 * @example
 * import { duplicateKey } from 'lexigram-edge/nosql'
 *
 * const error = duplicateKey('users', { name: 'email_1', key: [['email', 1]] })
 */
export function duplicateKey(collection: string, index: Pick<IndexModel, 'name' | 'key'>): DuplicateKeyError {
  const { name, key } = index ?? {}
  assertMembers({ collection, name, key }, keyChecks, 'a taken key')
  return duplicateOf({ collection, index: name, fields: key.map(([path]) => path) })
}

const keyChecks = { collection: must.beText, name: must.beText, key: must.beArray }

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
