import type { DriverPage, DriverPages } from '../contract/query.ts'
import { compareSortValues, compileSortValues, type SortKey, type SortValues } from '../query/sort.ts'
import type { Document } from '../query/value.ts'

/** Something that holds a document: as it is stored, with its revision. */
export interface Holder {
  readonly document: Document
}

/** What a backend answers at once, such as a document by its key. */
export function onePage<T>(read: () => Promise<DriverPage<T>>): DriverPages<T> {
  return new OnePage(read)
}

/** A class, because a literal with a symbol for a name is slow to make, and every get makes one. */
class OnePage<T> implements DriverPages<T> {
  readonly whole: () => Promise<DriverPage<T>>

  constructor(read: () => Promise<DriverPage<T>>) {
    this.whole = read
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<DriverPage<T>, void> {
    yield await this.whole()
  }
}

/** The pages without their first `skip` documents, and without those after `limit` more; it stops reading there. */
export async function* skipAndLimit<T>(
  pages: AsyncIterable<DriverPage<T>>,
  { skip, limit }: { readonly skip: number; readonly limit: number },
): AsyncGenerator<DriverPage<T>, void> {
  let from = skip
  let left = limit
  if (left <= 0) return
  for await (const page of pages) {
    const documents =
      from === 0 && page.documents.length <= left ? page.documents : page.documents.slice(from, from + left)
    from = Math.max(0, from - page.documents.length)
    left -= documents.length
    yield { ...page, documents }
    if (left <= 0) return
  }
}

/**
 * True for documents after a position in the sort.
 *
 * @param check Refuses values that cannot be compared
 */
export function isAfter(
  sort: readonly SortKey[],
  after: SortValues,
  check: (values: SortValues) => SortValues = (values) => values,
): (document: Document) => boolean {
  const valuesOf = compileSortValues(sort)
  const compare = compareSortValues(sort)
  return (document) => compare(check(valuesOf(document)), after) > 0
}

/** The pages with only the documents that pass. */
export async function* keepOnly<T extends Holder>(
  pages: AsyncIterable<DriverPage<T>>,
  passes: (document: Document) => boolean,
): AsyncGenerator<DriverPage<T>, void> {
  for await (const page of pages) {
    yield { ...page, documents: page.documents.filter(({ document }) => passes(document)) }
  }
}

export interface RunRules<T> {
  /** Whether two documents, one after the other, belong to one run. @default they are equal but for the `_id` */
  readonly isSame?: (a: T, b: T) => boolean
  /** How many documents will do, of each run the first ones. @default all */
  readonly enough?: number
}

/** A run is cut when it has so many documents more than will do, so that each of them is sorted a few times at most. */
const mostSpare = 256

/**
 * Puts runs of documents in order that come with equal values of the first sort keys: an index read backwards brings
 * its ties by descending `_id`, and one with cut keys brings what became equal in any order. What is held is one run.
 */
export async function* sortRuns<T extends Holder>(
  pages: AsyncIterable<DriverPage<T>>,
  sort: readonly SortKey[],
  { isSame = sameBut('_id', sort), enough = Infinity }: RunRules<T> = {},
): AsyncGenerator<DriverPage<T>, void> {
  const valuesOf = compileSortValues(sort)
  const compare = compareSortValues(sort)
  const inOrder = (run: readonly T[]): T[] =>
    run
      .map((found) => ({ found, values: valuesOf(found.document) }))
      .sort((a, b) => compare(a.values, b.values))
      .map(({ found }) => found)
      .slice(0, enough)
  let run: T[] = []
  for await (const page of pages) {
    const documents: T[] = []
    for (const found of page.documents) {
      const last = run.at(-1)
      if (last !== undefined && !isSame(last, found)) {
        documents.push(...inOrder(run))
        run = []
      }
      run.push(found)
      if (run.length >= enough * 2 + mostSpare) run = inOrder(run)
    }
    yield { ...page, documents }
  }
  if (run.length > 0) yield { documents: inOrder(run), scanned: 0, requests: 0 }
}

/** Whether two documents have equal sort values but for one path. */
function sameBut(path: string, sort: readonly SortKey[]): (a: Holder, b: Holder) => boolean {
  const keys = sort.filter((key) => key.path !== path)
  const valuesOf = compileSortValues(keys)
  const compare = compareSortValues(keys)
  return (a, b) => keys.length === 0 || compare(valuesOf(a.document), valuesOf(b.document)) === 0
}
