import type { DocumentStore } from '../store/document-store.ts'
import type { Value } from '../query/value.ts'

/** What an operation gets to work with. */
export interface MigrationContext {
  readonly store: DocumentStore
  /** Aborted when the caller asked to stop, or when the lock was lost. */
  readonly signal: AbortSignal
  /** Documents that one segment changes. */
  readonly segmentSize: number
  /**
   * Ends a segment: records the number of documents it changed and reports it. Throws when the runner must stop here;
   * the next run continues after what was recorded.
   */
  readonly progress: (changed: number) => Promise<void>
  /** Keeps what a rollback will need, before the change that makes it unknowable. */
  readonly remember: (memory: Value) => Promise<void>
  /** What an earlier attempt, or the run to be rolled back, remembered. */
  readonly memory: Value | undefined
}

/**
 * One step of a migration. `apply` must be idempotent: it runs again when an earlier attempt failed half way.
 * Subclass nothing; an object of this shape is an operation.
 */
export interface MigrationOperation {
  /** Names the kind and its subject, for the record: `'CreateIndex users email_1'`. Stable: the id is made from it. */
  readonly description: string
  /** All that decides what the operation does; its checksum shows whether it was edited after it had been applied. */
  readonly definition: Readonly<Record<string, unknown>>
  apply(context: MigrationContext): Promise<void>
  /** Absent where the change cannot be undone. */
  rollback?(context: MigrationContext): Promise<void>
  /** How many documents or other things `apply` would change now, without changing any. */
  estimate?(store: DocumentStore): Promise<number>
}

/** An operation in its place. */
export interface MigrationStep {
  readonly id: string
  /** From 1. */
  readonly position: number
  readonly operation: MigrationOperation
  readonly checksum: string
}
