import type { Capabilities } from './capabilities.ts'
import type { CollectionSpec } from './define-collection.ts'
import type { Explanation } from './explanation.ts'
import type { IndexModel } from './index-model.ts'
import type { ExpressionEngine } from '../query/expression-engine.ts'
import type { FilterNode } from '../query/filter-node.ts'
import type { SortKey, SortValues } from '../query/sort.ts'
import type { Document, Value } from '../query/value.ts'

/**
 * What an entry point lists: `noSqlProvider({ drivers: [memory(), dynamodb()] })`. Making one does no I/O; data that a
 * driver holds in this process belongs to it, not to the stores opened from it.
 */
export interface DocumentDriver {
  /** What configuration calls it. */
  readonly name: string
  /** Whether an open backend holds something that dies with a request on some runtimes. */
  readonly io: 'none' | 'stateless' | 'socket'
  /** Opens nothing yet: the backend connects when it is told to. */
  open(settings?: OpenSettings): DocumentBackend
}

export interface OpenSettings {
  /** The database within the backend; two named stores of one driver differ by it. */
  readonly database?: string
  /** The driver's own configuration section, checked by the driver. */
  readonly config?: unknown
}

/** One database, as a driver gives it to the portable store. Everything here is called with checked arguments. */
export interface DocumentBackend {
  readonly name: string
  readonly capabilities: Capabilities
  /** The vendor's client: the way out of the portable contract. */
  readonly native: unknown
  /** Evaluates aggregation pipelines and expressions in this process. */
  readonly aggregation?: ExpressionEngine | undefined
  /** @throws {NoSQLConnectionError} */
  connect(): Promise<void>
  disconnect(): Promise<void>
  /** One cheap round trip. @throws {NoSQLConnectionError} */
  ping(): Promise<void>
  collection(name: string, spec?: CollectionSpec): DriverCollection
  listCollections(): Promise<readonly string[]>
  /** An empty collection, listed from then on. False when it was there. */
  createCollection(name: string): Promise<boolean>
  /** False when there was none. */
  dropCollection(name: string): Promise<boolean>
  /** Present when `capabilities.transaction.kind` is `interactive`. */
  readonly begin?: () => Promise<DriverTransaction>
}

export interface DriverTransaction {
  collection(name: string, spec?: CollectionSpec): DriverCollection
  /** Atomic. @throws {WriteConflictError} when a document written here has changed since the transaction began. */
  commit(): Promise<void>
  abort(): Promise<void>
}

/** What is asked of a collection. A driver plans the part that its backend answers, and says what it left. */
export interface DriverQuery {
  readonly filter: FilterNode
  /** Ties are broken by `_id`, ascending, which is then the last path. */
  readonly sort?: readonly SortKey[] | undefined
  /** Only documents behind this position in `sort`; its last value is an `_id`. A driver may ignore it. */
  readonly after?: SortValues | undefined
  readonly skip: number
  /** Infinity when there is none. */
  readonly limit: number
  /** The same as it was written, for a backend that speaks this language itself. */
  readonly source: QuerySource
}

/** Checked already. The projection is there for a plan that is `exact` and `sorted`, to be claimed by `projected`. */
export interface QuerySource {
  readonly filter: Readonly<Record<string, unknown>>
  readonly projection?: Readonly<Record<string, unknown>> | undefined
  readonly let?: Document | undefined
}

/** A driver's answer to {@link DriverQuery}. What is not claimed here is done by the portable collection. */
export interface ReadPlan {
  readonly explanation: Explanation
  /** Every document that is read matches the filter: no re-check. */
  readonly exact: boolean
  /** Documents are read in the order asked for. */
  readonly sorted: boolean
  /** `skip` and `limit` have been applied. Only with `exact`, and `sorted` when there is a sort. */
  readonly limited: boolean
  /** Documents come as `source.projection` wants them. */
  readonly projected?: boolean
  /** Pages, each one request. Nothing is sent before the first is asked for. */
  read(context: DriverContext): AsyncIterable<readonly StoredDocument[]>
}

/** A document as it is stored, with what a later write is conditional on. */
export interface StoredDocument {
  readonly document: Document
  /** Opaque; changes with every write of the document. */
  readonly revision: unknown
}

export type Write =
  | { readonly kind: 'insert'; readonly document: Document }
  | { readonly kind: 'replace'; readonly before: StoredDocument; readonly document: Document }
  | { readonly kind: 'delete'; readonly before: StoredDocument }

/** `conflict`: the document is no longer what it was when it was read, so nothing was written. */
export type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'failed'; readonly error: Error }

/** `now`: milliseconds, for expiry; the store's clock, so that one clock rules. */
export interface DriverContext {
  readonly now: number
  readonly signal?: AbortSignal | undefined
}

export interface WriteContext extends DriverContext {
  /** Stop at the first write that did not happen. The outcomes then end with it. */
  readonly ordered: boolean
}

/** The required part is small; the optional part is for backends that have a faster way of their own. */
export interface DriverCollection {
  /** Without I/O; reading is the plan's part. */
  plan(query: DriverQuery): ReadPlan
  /** Each write is atomic on its own; together they are not. */
  write(writes: readonly Write[], context: WriteContext): Promise<readonly WriteOutcome[]>
  listIndexes(): Promise<readonly IndexModel[]>
  /** Waits until the index is usable. @throws {DuplicateKeyError} when the documents there break `unique`. */
  createIndex(index: IndexModel): Promise<void>
  /** False when there was none. */
  dropIndex(name: string): Promise<boolean>

  /** True when documents that are read belong to the store still: they are then copied before they are handed out. */
  readonly returnsOwnDocuments?: boolean
  /** Runs read-modify-write work that would otherwise conflict with its like one after the other. */
  readonly exclusive?: <T>(work: () => Promise<T>) => Promise<T>
  /** Counts without reading. Undefined when it cannot for this query. */
  count?(query: DriverQuery, context: DriverContext): Promise<number> | undefined
  /** Runs a whole pipeline. Undefined when it cannot, and the pipeline then runs in this process. */
  aggregate?(
    pipeline: readonly Readonly<Record<string, unknown>>[],
    context: DriverContext,
  ): AsyncIterable<readonly Document[]> | undefined
  /**
   * Changes one or many natively, without the checks of {@link StoredDocument.revision}. Undefined when it cannot, and it
   * then becomes read, apply, write. @throws {DuplicateKeyError | DocumentValidationError}
   */
  modify?(command: ModifyCommand, context: DriverContext): Promise<ModifyResult> | undefined
}

/** An update, replacement or deletion, parsed and as it was written, for a backend that runs it itself. */
export interface ModifyCommand {
  readonly query: DriverQuery
  readonly filter: unknown
  /** `null` for a deletion. */
  readonly change:
    | { readonly update: unknown; readonly arrayFilters: readonly unknown[] | undefined }
    | { readonly replacement: unknown }
    | null
  readonly multi: boolean
  readonly upsert: boolean
  /** For an upsert whose filter and update give no `_id`. */
  readonly newId: () => string
  readonly let?: Document | undefined
  /** Whether the document is wanted, as it was or as it is after; for one document only. */
  readonly returns?: 'before' | 'after' | undefined
}

export interface ModifyResult {
  readonly matchedCount: number
  /** For a deletion, the number deleted. */
  readonly modifiedCount: number
  readonly upsertedId?: Value | undefined
  /** The one that `returns` asked for. */
  readonly document?: Document | null | undefined
}
