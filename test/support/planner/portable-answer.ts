/** What the portable collection makes of a driver's read, and what the reference answers. */

import { isAfter, keepOnly, skipAndLimit } from '../../../src/nosql/plan/pages.ts'
import type { ReadQuestion } from '../../../src/nosql/plan/read-plan.ts'
import { compileFilter } from '../../../src/nosql/query/filter/compile-filter.ts'
import { sortDocuments } from '../../../src/nosql/query/sort.ts'
import type { Document } from '../../../src/nosql/query/value.ts'
import type { SimulatedRead } from './simulated-backend.ts'

/** The answer by the reference engine: every document tested, then sorted, then counted off. */
export function referenceAnswer(documents: readonly Document[], question: ReadQuestion): readonly Document[] {
  const { filter, sort, after, skip, limit } = question
  const matching = documents.filter(compileFilter(filter))
  if (sort === undefined) return matching.slice(skip, skip + limit)
  const sorted = sortDocuments(matching, sort)
  return (after === undefined ? sorted : sorted.filter(isAfter(sort, after))).slice(skip, skip + limit)
}

/** The answer by a driver's read; everything that it does not claim is done here. */
export async function portableAnswer(read: SimulatedRead, question: ReadQuestion): Promise<readonly Document[]> {
  const { filter, sort, after, skip, limit } = question
  const { exact, sorted, positioned, limited } = read.claims
  let { pages } = read
  if (!exact) pages = keepOnly(pages, compileFilter(filter))
  if (!positioned && sort !== undefined && after !== undefined) pages = keepOnly(pages, isAfter(sort, after))
  const sortsHere = sort !== undefined && !sorted
  if (!sortsHere && !limited) pages = skipAndLimit(pages, { skip, limit })
  const found: Document[] = []
  for await (const page of pages) found.push(...page.documents.map(({ document }) => document))
  return sortsHere ? sortDocuments(found, sort).slice(skip, skip + limit) : found
}
