/** What the portable collection makes of a driver's read, and what the reference answers. */

import { compareValues } from '../../../src/nosql/query/compare.ts'
import { compileFilter } from '../../../src/nosql/query/filter/compile-filter.ts'
import { compareSortValues, compileSortValues, sortDocuments, type SortKey } from '../../../src/nosql/query/sort.ts'
import type { Document, Value } from '../../../src/nosql/query/value.ts'
import { isAfter, keepOnly, skipAndLimit } from '../../../src/nosql/plan/pages.ts'
import type { Needs } from '../../../src/nosql/plan/needs.ts'
import type { ReadQuestion } from '../../../src/nosql/plan/read-plan.ts'
import type { SimulatedRead } from './simulated-backend.ts'

/** The answer by the reference engine: every document tested, sorted, and counted off. */
export function referenceAnswer(documents: readonly Document[], question: ReadQuestion): readonly Document[] {
  const { filter, sort, after, skip, limit } = question
  const matching = documents.filter(compileFilter(filter))
  const sorted = sort === undefined ? matching : sortDocuments(matching, sort)
  const behind = sort === undefined || after === undefined ? sorted : sorted.filter(isAfter(sort, after))
  return behind.slice(skip, skip + limit)
}

/** The answer by a driver's read, of which everything that it does not claim is done here. */
export async function portableAnswer(read: SimulatedRead, question: ReadQuestion): Promise<readonly Document[]> {
  const { sort, after, skip, limit } = question
  const { exact, sorted, positioned, limited } = read.claims
  const whole = new Map<unknown, Document>()
  let pages = read.pages
  if (!exact) pages = keepOnly(pages, (document) => read.matches?.(prune(document, read.needs)) === true)
  if (!positioned && sort !== undefined && after !== undefined) pages = keepOnly(pages, isAfter(sort, after))
  if (sorted && !limited) pages = skipAndLimit(pages, { skip, limit })
  const found: Document[] = []
  for await (const page of pages) for (const { document } of page.documents) found.push(document)
  if (limited || sorted || sort === undefined) return found
  void whole
  return sortPruned(found, sort, read.needs).slice(skip, skip + limit)
}
