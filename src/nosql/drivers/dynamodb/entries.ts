import type { IndexModel } from '../../contract/index-model.ts'
import { indexEntries } from '../../keys/index-entries.ts'
import { orderedKey } from '../../keys/ordered-key.ts'
import { compileFilter } from '../../query/filter/compile-filter.ts'
import { parseFilter } from '../../query/filter/parse-filter.ts'
import type { Document } from '../../query/value.ts'

/** The keys of a document's entries in an index: one per element of an array, each once, the `_id` last. */
export function entryKeysOf(index: IndexModel, document: Document): readonly Uint8Array[] {
  const { key, partialFilterExpression: partial } = index
  const includes = partial === undefined ? undefined : compileFilter(parseFilter(partial))
  return indexEntries({ ...index, includes }, document).map((values) =>
    orderedKey([...values.map((value, at) => [value, key[at]?.[1] ?? 1] as const), [document['_id'], 1]]),
  )
}
