import type { IndexModel } from '../contract/index-model.ts'
import type { Document, Value } from '../query/value.ts'
import { compareValues } from '../query/compare.ts'
import { nameOf } from './digest.ts'
import { indexKeys, missingKey } from './index-keys.ts'
import { orderedKey } from './ordered-key.ts'

/** A unique index as its lock items see it. */
export interface UniqueIndex extends Pick<IndexModel, 'name' | 'key' | 'sparse'> {
  /** Whether a document is in a partial index: the compiled `partialFilterExpression`. @default every document */
  readonly includes?: ((document: Document) => boolean) | undefined
}

/**
 * The names of the items that hold a document's place in a unique index: one per key, so that two documents with an equal
 * key want the same name and only one gets it. As in MongoDB an array has a key per element, equal elements of one
 * document share theirs, a missing path counts as null, a sparse index leaves out documents without any of its paths,
 * and a partial one those that do not match.
 *
 * @throws {DocumentValidationError} for a document with two different arrays on the way
 * @example
 * await lockKeys({ name: 'email_1', key: [['email', 1]] }, { _id: 1, email: 'a@b.c' }) // ['k…']
 */
export async function lockKeys(index: UniqueIndex, document: Document): Promise<readonly string[]> {
  const names = uniqueKeysOf(index, document).map((key) =>
    nameOf(orderedKey([[index.name, 1], ...key.map((value) => [value, 1] as const)])),
  )
  return await Promise.all(names)
}

/** The keys under which a document stands in an index, each once. */
export function uniqueKeysOf(index: UniqueIndex, document: Document): readonly (readonly Value[])[] {
  if (index.includes?.(document) === false) return []
  const paths = index.key.map(([path]) => path.split('.'))
  const set = indexKeys(document, paths) ?? (index.sparse === true ? undefined : missingKey(paths))
  if (set === undefined) return []
  const keys = [...set.keys].sort(compareKeyValues)
  return keys.filter((key, at) => at === 0 || compareKeyValues(key, keys[at - 1] as readonly Value[]) !== 0)
}

function compareKeyValues(a: readonly Value[], b: readonly Value[]): number {
  for (let at = 0; at < a.length; at++) {
    const order = compareValues(a[at], b[at])
    if (order !== 0) return order
  }
  return 0
}
