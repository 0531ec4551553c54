import type { Document } from '../query/value.ts'
import { nameOf } from './digest.ts'
import { indexEntries, type IndexRules } from './index-entries.ts'
import { orderedKey } from './ordered-key.ts'

/** A unique index, as the items see it that hold places in it. */
export interface UniqueIndex extends IndexRules {
  readonly name: string
}

/**
 * The names of the items that hold a document's place in a unique index: one per key, so that two documents with an equal
 * key want the same name and only one gets it. As in MongoDB an array has a key per element, equal elements of one
 * document share theirs, a missing path counts as null, a sparse index leaves out documents without any of its paths,
 * and a partial one those that do not match.
 *
 * @returns names of letters, digits, `-` and `_`, at most 176 long
 * @throws DocumentValidationError for a document with two different arrays on the way
 * @example
 * await lockKeys({ name: 'email_1', key: [['email', 1]] }, { _id: 1, email: 'a@b.c' }) // ['k…']
 */
export async function lockKeys(index: UniqueIndex, document: Document): Promise<readonly string[]> {
  const entries = indexEntries(index, document)
  return await Promise.all(
    entries.map((key) => nameOf(orderedKey([[index.name, 1], ...key.map((value) => [value, 1] as const)]))),
  )
}
