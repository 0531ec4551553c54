import type { DriverContext } from './context.ts'
import type { DriverQuery, StoredDocument } from './query.ts'
import type { UpdateTree } from '../query/update/parse-update.ts'
import type { Document, Value } from '../query/value.ts'

/** One document to be written, whole and checked. `before` is the document as it was read: the write's condition. */
export type Write =
  | Insert
  | {
      readonly kind: 'replace'
      readonly before: StoredDocument
      readonly document: Document
      /** It is what a caller gave for the whole document, not the outcome of an update. */
      readonly replaces?: boolean
    }
  | { readonly kind: 'delete'; readonly before: StoredDocument }

/** The insertion of one document. */
export interface Insert {
  readonly kind: 'insert'
  readonly document: Document
  /** The `_id` was made by this package just now: no document has it, so a backend needs no condition. */
  readonly generatedId: boolean
}

/**
 * - `written`: it is stored.
 * - `conflict`: the document is not what it was when it was read; nothing was written.
 * - `failed`: the backend refused it; nothing was written.
 * - `unsure`: it was sent and no answer came, so it may be stored. Never reported as done, and repeated only by a driver
 *   that knows repeating to be harmless.
 */
export type WriteOutcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'unsure'; readonly error: Error }

/** The context of several writes. */
export interface WriteContext extends DriverContext {
  /**
   * Stop at the first write that did not happen. The outcomes then end with it, or with all those that went with it in a
   * request that was not answered.
   */
  readonly ordered: boolean
}

/**
 * A checked update, replacement or deletion. `apply` and `insert` are the whole truth of it; `change` is the same in
 * parts, for a backend that does it without reading.
 */
export interface Modification {
  readonly kind: 'modify'
  readonly query: DriverQuery
  /** Null for a deletion. Operators carry `ops` and `arrayFilters`, a pipeline its `stages`: copies, not the caller's. */
  readonly change: UpdateTree | null
  /** All that match, or the first of them in the order of the query. */
  readonly multi: boolean
  readonly upsert: boolean
  /** Whether the document is wanted, as it was or as it is after; for one document only. */
  readonly returns?: 'before' | 'after' | undefined
  /** What the caller wants of it, as it was written, for a backend that evaluates by itself. */
  readonly projection?: Readonly<Record<string, unknown>> | undefined
  /** What `$currentDate` and `$$NOW` mean. */
  readonly now: Date
  /** What a document becomes: itself when nothing changes, null when it is deleted. Pure. @throws what the update refuses */
  readonly apply: (document: Document) => Document | null
  /** What an upsert inserts, checked; the same at every call. Present with `upsert`. */
  readonly insert?: (() => Insert) | undefined
  /**
   * What an upsert by a pipeline starts from: the fields that the filter fixes, checked, with an `_id`. Present for a
   * pipeline with `upsert`, for a backend that evaluates the pipeline.
   */
  readonly seed?: (() => Insert) | undefined
}

/** What a backend did by itself. Counts are MongoDB's: a write that changes nothing is matched, not modified. */
export interface ModifyResult {
  readonly matchedCount: number
  /** For a deletion, the number deleted. */
  readonly modifiedCount: number
  readonly upsertedId?: Value | undefined
  /** The one that `returns` asked for. */
  readonly document?: Document | null | undefined
  /** It is as `projection` wants it. */
  readonly projected?: boolean | undefined
}

/** The outcomes of the commands of a bulk write, by their positions. Inserts that are not in `errors` are inserted. */
export interface ModifyManyResult {
  readonly matchedCount: number
  readonly modifiedCount: number
  readonly deletedCount: number
  readonly upsertedIds: ReadonlyMap<number, Value>
  /** Ordered: at most one, or all those that were not answered; no command after them was carried out. */
  readonly errors: readonly { readonly index: number; readonly outcome: Exclude<WriteOutcome, { kind: 'written' }> }[]
}
