import type { IndexModel } from '../../../contract/index-model.ts'
import { sha256 } from '../../../../core/sha256.ts'
import { indexEntries } from '../../../keys/index-entries.ts'
import type { KeyRange } from '../../../keys/key-range.ts'
import { orderedKey } from '../../../keys/ordered-key.ts'
import { compileFilter } from '../../../query/filter/compile-filter.ts'
import { parseFilter } from '../../../query/filter/parse-filter.ts'
import type { Document } from '../../../query/value.ts'
import { partOf } from './index-parts.ts'

/** Most bytes of a sort key. */
const sortKeyBytes = 1024
const digestBytes = 32

/** How much of a long key its entry holds, before a digest of the whole key that keeps two of them apart. */
export const keptBytes = sortKeyBytes - digestBytes

/** The key of an entry of an index. */
export interface Entry {
  readonly part: string
  readonly key: Uint8Array
}

/** A document's entries in an index: one per element of an array, each once; the `_id` comes last in their keys. */
export function entriesOf(index: IndexModel, document: Document): Promise<readonly Entry[]> {
  const { key, partialFilterExpression: partial } = index
  const includes = partial === undefined ? undefined : compileFilter(parseFilter(partial))
  const { _id: id = null } = document
  const entries = indexEntries({ ...index, includes }, document).map(async (values): Promise<Entry> => {
    const parts = values.map((value, at) => [value, key[at]?.[1] ?? 1] as const)
    return { part: await partOf(index, values, id), key: await fitted(orderedKey([...parts, [id, 1]])) }
  })
  return Promise.all(entries)
}

async function fitted(key: Uint8Array): Promise<Uint8Array> {
  if (key.length <= sortKeyBytes) return key
  const fit = new Uint8Array(sortKeyBytes)
  fit.set(key.subarray(0, keptBytes))
  fit.set(await sha256(key), keptBytes)
  return fit
}

/** The range of entries for a range of keys that is cut at `keptBytes`: after its end come digests. */
export function entryRange({ from, to }: Pick<KeyRange, 'from' | 'to'>): readonly [from: Uint8Array, to: Uint8Array] {
  if (to.length < keptBytes) return [from, to]
  const end = new Uint8Array(sortKeyBytes).fill(0xff)
  end.set(to)
  return [from, end]
}

/** Whether the order of two neighbouring entries may be that of their digests. */
export function mayBeUnordered(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length < keptBytes || b.length < keptBytes) return false
  for (let at = 0; at < keptBytes; at++) if (a[at] !== b[at]) return false
  return true
}
