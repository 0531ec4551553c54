import type { Span } from '../../core/tracing/tracer.ts'

/** What every call of a driver gets: how long it may take, who may end it, and what time it is. */
export interface DriverContext {
  /** The store's clock, in milliseconds since 1970, so that one clock rules expiry and `$currentDate`. */
  readonly now: number
  /** Aborts the request in flight, not only the next one. What was sent may then have been carried out. */
  readonly signal?: AbortSignal | undefined
  /** When the operation must have ended, in milliseconds since 1970 by the real clock. A driver bounds its retries by it. */
  readonly deadline?: number | undefined
  /**
   * Called before each request that is sent, so that a budget of requests holds: what it throws in a read ends the read with
   * nothing more sent; in a write it only counts. Repeats of a request, and those of an index catalogue, are not counted.
   * Present where there is such a budget.
   */
  readonly onRequest?: (() => void) | undefined
  /**
   * How many documents the operation may still read, so that a driver asks for no more than that where its pages may be
   * short. Infinite, or absent, where there is no such budget.
   */
  readonly documentsLeft?: (() => number) | undefined
  /** What requests to the backend are traced as parts of; undefined where nothing is traced. */
  readonly span?: Span | undefined
}

/** Either at once or later; the portable layer waits only where it has to. */
export type MaybePromise<T> = T | Promise<T>
