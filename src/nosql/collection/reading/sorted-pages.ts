import type { DriverQuery, StoredDocument } from '../../contract/query.ts'
import { approximateSize } from '../../query/approximate-size.ts'
import { type Meter, sortSteps } from '../../query/meter.ts'
import { compareSortValues, compileSortValues, type SortKey, type SortValues } from '../../query/sort.ts'
import type { Document } from '../../query/value.ts'

const STEPS_OF_A_KEY = 3
const BYTES_OF_A_SORTED_DOCUMENT = 160

/** Bytes that may be read after the last document wanted. */
const FULL = 8 * 1024 * 1024

/**
 * The documents in order, as one page. It pays for what it holds at most: documents that are in memory anyway cost a
 * reference, the others their size.
 */
export async function* sortedPages(
  pages: AsyncIterable<readonly StoredDocument[]>,
  { skip, limit, meter }: Pick<DriverQuery, 'skip' | 'limit'> & { readonly meter: Meter },
  { sort, shares }: { readonly sort: readonly SortKey[]; readonly shares: boolean },
): AsyncGenerator<readonly StoredDocument[], void> {
  const valuesOf = compileSortValues(sort, meter)
  const compare = compareSortValues(sort, meter)
  const wanted = skip + limit
  const bytesOf = (document: Document) => BYTES_OF_A_SORTED_DOCUMENT + (shares ? 0 : approximateSize(document))
  let held = 0
  let kept = 0
  let most = 0
  let found: { readonly stored: StoredDocument; readonly values: SortValues; readonly bytes: number }[] = []
  for await (const page of pages) {
    meter.work(page.length * sort.length * STEPS_OF_A_KEY)
    for (const stored of page) {
      const bytes = bytesOf(stored.document)
      held += bytes
      found.push({ stored, values: valuesOf(stored.document), bytes })
    }
    if (held > most) {
      meter.holdBytes(held - most)
      most = held
    }
    if (meter.tired) await meter.rest()
    // What follows the last one wanted is not kept, so that a short answer needs little memory.
    if (found.length <= wanted || (found.length <= wanted * 2 + 1000 && held - kept < FULL)) continue
    meter.work(sortSteps(found.length) * STEPS_OF_A_KEY)
    found = found.sort((a, b) => compare(a.values, b.values)).slice(0, wanted)
    kept = found.reduce((sum, { bytes }) => sum + bytes, 0)
    held = kept
  }
  meter.work(sortSteps(found.length) * STEPS_OF_A_KEY)
  const sorted = found.sort((a, b) => compare(a.values, b.values)).slice(skip, wanted)
  if (sorted.length > 0) yield sorted.map(({ stored }) => stored)
}
