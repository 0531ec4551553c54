import type { IndexModel } from '../../../src/nosql/contract/index-model.ts'
import type { Facts } from '../../../src/nosql/plan/facts.ts'
import type { DriverPage, Needs, ReadPlan } from '../../../src/nosql/contract/query.ts'
import type { ReadQuestion } from '../../../src/nosql/plan/read-plan.ts'
import { isObject } from '../../../src/nosql/query/path.ts'
import type { Document, Value } from '../../../src/nosql/query/value.ts'

/** What a simulated backend holds. */
export interface Data {
  readonly documents: readonly Document[]
  readonly indexes: readonly IndexModel[]
  readonly facts: Facts
}

export interface Found {
  readonly document: Document
}

/** A read as a driver plans it. */
export interface SimulatedRead {
  readonly claims: Pick<ReadPlan, 'exact' | 'sorted' | 'positioned' | 'limited' | 'explain'>
  readonly pages: AsyncIterable<DriverPage<Found>>
}

/** A driver over a backend that is simulated: tests mean to it what they mean to that backend, and it has its limits. */
export interface SimulatedBackend {
  readonly name: string
  plan(question: ReadQuestion, data: Data): SimulatedRead
}

/** Documents as what holds them. */
export function entriesOf(documents: readonly Document[]): readonly Found[] {
  return documents.map((document) => ({ document }))
}

/** Pages of a few entries, each one request, of which only what is needed is sent. */
export async function* pagesOf<T extends Found>(
  entries: Iterable<T>,
  { needs, passes = () => true }: { readonly needs: Needs; readonly passes?: (document: Document) => boolean },
): AsyncGenerator<DriverPage<T>, void> {
  let documents: T[] = []
  let scanned = 0
  for (const entry of entries) {
    scanned++
    if (passes(entry.document)) documents.push({ ...entry, document: prune(entry.document, needs) })
    if (scanned < 3) continue
    yield { documents, scanned, requests: 1 }
    documents = []
    scanned = 0
  }
  yield { documents, scanned, requests: 1 }
}

/** The part of a document that a backend sends: these paths through objects only, and nothing of one through an array. */
function prune(document: Document, needs: Needs): Document {
  if (needs === 'whole') return document
  const kept: Record<string, Value> = {}
  for (const path of needs === 'keys' ? ['_id'] : ['_id', ...needs]) copyPath(document, kept, path.split('.'))
  return kept
}

function copyPath(from: Document, to: Record<string, Value>, [name = '', ...rest]: readonly string[]): void {
  const value = from[name]
  if (value === undefined || (rest.length > 0 && !isObject(value))) return
  if (rest.length === 0) to[name] = value
  else {
    const inner: Record<string, Value> = { ...(to[name] as Document | undefined) }
    copyPath(value as Document, inner, rest)
    to[name] = inner
  }
}
