import type { Explanation } from './explanation.ts'
import type { DriverContext } from './context.ts'
import type { MongoDbQuery } from './vendor-query.ts'
import type { FilterNode } from '../query/filter-node.ts'
import type { Meter } from '../query/meter.ts'
import type { SortKey, SortValues } from '../query/sort.ts'
import type { Document } from '../query/value.ts'

/**
 * What is asked of a collection. A driver plans the part that its backend answers, and says in its {@link ReadPlan} what
 * it left. Expired documents are part of the question: where a collection has TTL indexes, the filter excludes them.
 */
export interface DriverQuery {
  readonly filter: FilterNode
  /** The filter as a predicate. It is compiled on first use, so a driver whose plan is exact never pays for it. */
  readonly matches: (document: Document) => boolean
  /** Ends with `_id`, so that the order is total: ties are broken by `_id`, ascending. */
  readonly sort?: readonly SortKey[] | undefined
  /** Only documents after this position in `sort`; its last value is an `_id`. */
  readonly after?: SortValues | undefined
  readonly skip: number
  /** Infinity when there is none. */
  readonly limit: number
  /** What the caller wants of each document. */
  readonly needs: Needs
  /** Pays for what a driver does in this process: `compileFilter(node, meter)`. @default not counted */
  readonly meter?: Meter | undefined
  /** The question as it was written. Present for backends whose capability `evaluates` is `server`. */
  readonly source?: QuerySource | undefined
}

/**
 * The part of each document that is wanted: all of it, the `_id` alone, or these paths and the `_id`. A driver may read
 * more. It must also read what a predicate re-checked later and a sort left to this package look at.
 */
export type Needs = 'whole' | 'keys' | readonly string[]

/** A frozen copy, checked already. The projection is there for a plan that is `exact` and claims `projected`. */
export interface QuerySource {
  readonly filter: Readonly<Record<string, unknown>>
  readonly projection?: Readonly<Record<string, unknown>> | undefined
  /** The variables of the caller, as plain values. */
  readonly let?: Document | undefined
  /** Present only where the capability `vendorQuery` names it. */
  readonly mongodb?: MongoDbQuery | undefined
}

/** A driver's answer to a {@link DriverQuery}. What is not claimed here is done by the portable collection. */
export interface ReadPlan {
  /** How the documents are found, computed on demand: most reads are never explained. */
  explain(): Explanation
  /** Every document that is read matches the filter: no re-check. */
  readonly exact: boolean
  /** Documents are read in the order asked for. */
  readonly sorted: boolean
  /** Reading starts after the position `after`. Nothing to claim where the query has none. */
  readonly positioned: boolean
  /** `skip` and `limit` have been applied. Only with `exact`, with `sorted` where there is a sort, with `positioned` where there is a position. */
  readonly limited: boolean
  /** Documents come as `source.projection` wants them. */
  readonly projected?: boolean
  /**
   * Paths whose values decide the place of a document in what is read. A document that is changed at one of them while
   * this is read may be read again, and an update of many then remembers what it has written. Empty for a snapshot.
   * @default unknown, so that every change may move a document
   */
  readonly movedBy?: readonly string[]
  /** Nothing is sent before the first page is asked for; leaving early releases what the backend holds. */
  read(context: DriverContext): DriverPages<StoredDocument>
}

/** What a plan reads, page by page. */
export interface DriverPages<T> extends AsyncIterable<DriverPage<T>> {
  /**
   * Reads all of it as one page, in place of going through the pages: present where there is one page only, and asking for
   * it is less work than a cursor.
   */
  readonly whole?: () => Promise<DriverPage<T>>
}

/** Part of an answer, and what it cost. A page may be empty. */
export interface DriverPage<T> {
  readonly documents: readonly T[]
  /** Documents that the backend read for this page, those that its own filter dropped included. */
  readonly scanned: number
  /** Requests that were sent for this page. */
  readonly requests: number
}

/** A document as it is stored, with what a later write is conditional on. */
export interface StoredDocument {
  /** Whole, or what {@link DriverQuery.needs} asked for. */
  readonly document: Document
  /** Opaque; changes with every write of the document. */
  readonly revision: unknown
}
