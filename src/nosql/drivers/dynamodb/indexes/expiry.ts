import type { IndexModel } from '../../../contract/index-model.ts'
import { indexEntries } from '../../../keys/index-entries.ts'
import { compileFilter } from '../../../query/filter/compile-filter.ts'
import { parseFilter } from '../../../query/filter/parse-filter.ts'
import type { Document } from '../../../query/value.ts'
import type { Item } from '../codec/attribute-values.ts'
import { attributes } from '../codec/codec.ts'

/**
 * When DynamoDB may delete an item of a document, and of its index entries; nothing where it never may. Not in a collection
 * with unique indexes: a lock that outlives its document would keep the key for ever.
 */
export function expiryAttribute(indexes: readonly IndexModel[], document: Document): Item {
  if (indexes.some(({ unique }) => unique === true)) return {}
  const times = indexes.flatMap((index) => timesOf(index, document))
  if (times.length === 0) return {}
  // Rounded up: DynamoDB is never earlier than the document's own time.
  return { [attributes.expiry]: { N: String(Math.ceil(Math.min(...times) / 1000)) } }
}

/** An array is past its time with its earliest date. */
function timesOf(index: IndexModel, document: Document): readonly number[] {
  const { expireAfterSeconds: seconds, partialFilterExpression: partial } = index
  if (seconds === undefined) return []
  const includes = partial === undefined ? undefined : compileFilter(parseFilter(partial))
  return indexEntries({ ...index, includes }, document).flatMap(([value]) =>
    value instanceof Date ? value.getTime() + seconds * 1000 : [],
  )
}
