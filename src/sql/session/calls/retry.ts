import type { Span } from '../../../core/tracing/tracer.ts'
import type { TransactionOptions } from '../../contract/driver.ts'
import { DeadlockError, SerializationError } from '../../errors.ts'
import { assertNotAborted, onGivenUp, type GivingUp } from './given-up.ts'

export interface RetryOptions {
  /**
   * How often the whole is run again, from 0 to 20, when the database has ended it because of a concurrent transaction
   * (`SerializationError`, `DeadlockError`): nothing of it was kept then. In between is a pause of chance, up to 10 ms
   * before the first time, twice as long before each other, and at most a second. @default 0
   */
  readonly retry?: number
}

/** Options of `transaction` of a session. */
export interface SessionTransactionOptions extends TransactionOptions, RetryOptions {}

export const mostRetries = 20

const firstPauseMs = 10
const longestPauseMs = 1_000

export interface Retrying extends GivingUp {
  /** What repetitions are counted in; undefined where nothing is traced. */
  readonly span?: Span | undefined
}

/** Runs an attempt again when it met a concurrent transaction. @throws what the last one did, or why it was given up */
export async function withRetries<T>(context: Retrying, retry: number, attempt: () => Promise<T>): Promise<T> {
  for (let retried = 0; ; retried++) {
    try {
      return await attempt()
    } catch (error) {
      if (retried >= retry || !(error instanceof SerializationError || error instanceof DeadlockError)) throw error
      context.span?.measure({ is: 'retry', of: 'transaction', system: 'postgresql' })
      await pause(Math.random() * Math.min(firstPauseMs * 2 ** retried, longestPauseMs), context)
    }
  }
}

function pause(ms: number, context: GivingUp): Promise<void> {
  return new Promise((resolve, reject) => {
    assertNotAborted(context.signal())
    const stop = onGivenUp(context, (error) => {
      clearTimeout(timer)
      reject(error)
    })
    const timer = setTimeout(() => {
      stop()
      resolve()
    }, ms)
  })
}
