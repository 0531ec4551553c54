import type { DriverPage } from '../contract/query.ts'
import { compileFilter } from '../query/filter/compile-filter.ts'
import type { FilterNode } from '../query/filter-node.ts'
import { compareSortValues, compileSortValues, type SortKey, type SortValues } from '../query/sort.ts'
import type { Document } from '../query/value.ts'
import type { Holder } from './pages.ts'

/**
 * Several ordered streams as one. It holds a page of each, asks for the next only of those that have run out, and
 * closes all of them when reading stops early. A document that several streams bring comes once: its copies are
 * neighbours, for the sort ends with `_id`.
 *
 * @param sort the order that each stream has; its last key is `_id`
 */
export async function* mergePages<T extends Holder>(
  streams: readonly AsyncIterable<DriverPage<T>>[],
  sort: readonly SortKey[],
): AsyncGenerator<DriverPage<T>, void> {
  const valuesOf = compileSortValues(sort)
  const compare = compareSortValues(sort)
  const sources = streams.map((stream): Source<T> => ({ pages: stream[Symbol.asyncIterator](), page: [], next: 0 }))
  let last: SortValues | undefined
  try {
    for (;;) {
      const read = await Promise.all(sources.filter(hasRunOut).map((source) => refill(source, valuesOf)))
      const documents: T[] = []
      while (!sources.some(hasRunOut)) {
        const entry = takeLeast(sources, compare)
        if (entry === undefined) break
        if (last === undefined || compare(last, entry.values) !== 0) documents.push(entry.found)
        last = entry.values
      }
      if (read.length > 0) yield { documents, ...costOf(read) }
      else if (documents.length > 0) yield { documents, scanned: 0, requests: 0 }
      if (sources.every(({ page }) => page === undefined)) return
    }
  } finally {
    await letGo(sources)
  }
}

/** Whether a document is taken from the stream of this number. */
export type TakesFrom = (document: Document, stream: number) => boolean

/**
 * Several streams one after the other. Where a document may come in more than one of them, `takes` decides which it is
 * taken from; nothing has to be remembered.
 */
export async function* chainPages<T extends Holder>(
  streams: readonly AsyncIterable<DriverPage<T>>[],
  takes?: TakesFrom,
): AsyncGenerator<DriverPage<T>, void> {
  for (const [at, stream] of streams.entries()) {
    for await (const page of stream) {
      if (takes === undefined) yield page
      else yield { ...page, documents: page.documents.filter(({ document }) => takes(document, at)) }
    }
  }
}

/** Takes a document from the stream of the first filter that it satisfies, which has all that satisfy it. */
export function takesFirst(filters: readonly FilterNode[]): TakesFrom {
  const compiled: ((document: Document) => boolean)[] = []
  return (document, stream) => {
    for (let at = 0; at <= stream; at++) {
      // Compiled when the first document is asked about.
      compiled[at] ??= compileFilter(filters[at] as FilterNode)
      if (compiled[at]?.(document) === true) return at === stream
    }
    return false
  }
}

interface Entry<T> {
  readonly found: T
  readonly values: SortValues
}

interface Source<T> {
  readonly pages: AsyncIterator<DriverPage<T>>
  /** Undefined once the stream has ended. */
  page: readonly Entry<T>[] | undefined
  next: number
}

function hasRunOut({ page, next }: Source<unknown>): boolean {
  return page !== undefined && next >= page.length
}

async function refill<T extends Holder>(
  source: Source<T>,
  valuesOf: (document: Document) => SortValues,
): Promise<Pick<DriverPage<T>, 'scanned' | 'requests'>> {
  const { done, value } = await source.pages.next()
  source.next = 0
  source.page =
    done === true
      ? undefined
      : value.documents.map((found: T): Entry<T> => ({ found, values: valuesOf(found.document) }))
  return done === true ? { scanned: 0, requests: 0 } : value
}

function takeLeast<T>(
  sources: readonly Source<T>[],
  compare: (a: SortValues, b: SortValues) => number,
): Entry<T> | undefined {
  let least: Source<T> | undefined
  let entry: Entry<T> | undefined
  for (const source of sources) {
    const other = source.page?.[source.next]
    if (other === undefined || (entry !== undefined && compare(entry.values, other.values) <= 0)) continue
    least = source
    entry = other
  }
  if (least !== undefined) least.next++
  return entry
}

function costOf(pages: readonly Pick<DriverPage<unknown>, 'scanned' | 'requests'>[]) {
  let scanned = 0
  let requests = 0
  for (const page of pages) {
    scanned += page.scanned
    requests += page.requests
  }
  return { scanned, requests }
}

async function letGo(sources: readonly Source<unknown>[]): Promise<void> {
  await Promise.allSettled(sources.map(async ({ page, pages }) => (page === undefined ? undefined : pages.return?.())))
}
