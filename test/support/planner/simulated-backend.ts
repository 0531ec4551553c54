import type { Facts } from '../../../src/nosql/plan/facts.ts'
import type { Page } from '../../../src/nosql/plan/pages.ts'
import type { ReadClaims, ReadQuestion } from '../../../src/nosql/plan/read-plan.ts'
import type { IndexModel } from '../../../src/nosql/contract/index-model.ts'
import type { Document } from '../../../src/nosql/query/value.ts'
import type { Needs } from '../../../src/nosql/plan/needs.ts'

/** What a simulated backend holds. */
export interface Data {
  readonly documents: readonly Document[]
  readonly indexes: readonly IndexModel[]
  readonly facts: Facts
}

export interface Found {
  readonly document: Document
}

/** A read as a driver plans it: what it claims, and its pages. */
export interface SimulatedRead {
  readonly claims: ReadClaims
  /** What is re-checked; without `claims.exact`. */
  readonly matches: ((document: Document) => boolean) | undefined
  /** What the backend is asked to send. */
  readonly needs: Needs
  readonly pages: AsyncIterable<Page<Found>>
}

/** A driver over a backend that is simulated: it has that backend's meaning of a test, and its limits. */
export interface SimulatedBackend {
  readonly name: string
  plan(question: ReadQuestion, data: Data): SimulatedRead
}

/** Documents in pages of a few, each one request; what is read is counted. */
export async function* pagesOf(documents: Iterable<Document>, size = 3): AsyncGenerator<Page<Found>, void> {
  let page: Found[] = []
  for (const document of documents) {
    page.push({ document })
    if (page.length < size) continue
    yield { documents: page, scanned: page.length, requests: 1 }
    page = []
  }
  yield { documents: page, scanned: page.length, requests: 1 }
}
