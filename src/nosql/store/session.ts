/** What operations on documents run on: a store, or one transaction on it. */

import type { CursorSealer } from '../../core/cursor/cursor-sealer.ts'
import type { Span } from '../../core/tracing/tracer.ts'
import type { Clock } from '../../core/uuid-v7.ts'
import type { DriverContext, MaybePromise } from '../contract/context.ts'
import type { CollectionSpec } from '../contract/define-collection.ts'
import type { DocumentBackend } from '../contract/driver.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { Budget, PlanWarning, ScanPolicy } from '../contract/explanation.ts'
import type { ExpressionEngine } from '../query/expression-engine.ts'

/** What a caller may say about every call. */
export interface CallOptions {
  /** Ends the call, also in the middle of a request where the driver can. */
  readonly signal?: AbortSignal | undefined
  /** When the call must have ended, in milliseconds since 1970. */
  readonly deadline?: number | undefined
}

/** One that met a rival. */
export interface Attempt {
  /** From 1. */
  readonly number: number
  /** When the first one began, in milliseconds since 1970. */
  readonly since: number
  /** When this one began. */
  readonly began: number
}

/** What all collections of one store share. */
export interface StoreContext {
  readonly name: string
  /** Within the backend, where the store was opened with one. */
  readonly database: string | undefined
  /** What operations are traced as parts of; undefined where nothing is traced. */
  readonly span: Span | undefined
  readonly backend: DocumentBackend
  /** What parses the expressions of filters, projections and updates; undefined where none are evaluated. */
  readonly expressions: ExpressionEngine | undefined
  readonly scans: ScanPolicy
  readonly onWarning: ((warning: PlanWarning) => void) | undefined
  readonly warned: Set<string>
  readonly budget: Budget
  readonly cursors: CursorSealer
  readonly attempts: number
  readonly clock: Clock
  readonly newId: () => string
  /** A number in [0, 1). */
  readonly random: () => number
  /**
   * Waits after an attempt, at random so that rivals do not meet again: below what the attempt took at first, then twice
   * as long each time. False where no time is left for another attempt as long. @throws the reason of the signal
   */
  readonly backOff: (attempt: Attempt, call?: CallOptions) => Promise<boolean>
  /** Lets timers and I/O run in the middle of long work. */
  readonly pause: () => Promise<void>
  /** What a call of the driver gets. */
  context(call?: CallOptions): DriverContext
  /** Connects on first use; undefined once it is connected. @throws NoSQLConnectionError also after `disconnect`. */
  ready(call?: CallOptions): MaybePromise<void>
  disconnect(): Promise<void>
  /** Ends each stream of changes that is open. */
  readonly streams: Set<() => void>
}

/** What collections run on: the store itself, or one transaction. */
export interface Session {
  readonly store: StoreContext
  readonly transactional: boolean
  /** What operations are traced as parts of; undefined where nothing is traced. */
  readonly span: Span | undefined
  /**
   * @throws NoSQLConnectionError or DocumentTransactionError when there is nothing to run on any more; TimeoutError, or the
   *   reason of the signal, when it is too late
   */
  open(name: string, spec: CollectionSpec | undefined, context: DriverContext): Promise<DriverCollection>
  /**
   * Runs work on the backend when the work given before has ended: the calls of one transaction never overlap. Elsewhere it
   * runs at once. @throws DocumentTransactionError when the transaction has ended by then
   */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /** A write was refused by the backend: a transaction cannot be committed after that. */
  markFailed(error: Error): void
}

/** What a call belongs to: its store, and the span that its requests and retries are parts of. */
export type CallOrigin = Pick<Session, 'span'> & {
  readonly store: Pick<StoreContext, 'backOff' | 'backend' | 'context'>
}
