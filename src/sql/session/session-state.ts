import { UsageError } from '../../core/errors.ts'
import type { UnitOfWork } from './units/unit-of-work.ts'
import { endedError, type Underway } from './calls/given-up.ts'
import type { TransactionRunner } from './transactions/transaction-runner.ts'

/** What a session shares with those derived from it: all of them use one driver session, and end with it. */
export interface SessionState {
  /** Units of work that were made. */
  readonly units: UnitOfWork[]
  /** Calls that were sent alone, and how they are stopped: they may end with the session, but soon. */
  readonly calls: Set<Promise<unknown>>
  readonly stopCalls: Underway
  /** How the work and the calls of the open transaction are stopped, at once: it is rolled back. */
  readonly stopTransaction: Underway
  /** The transaction that is open; while it is, nothing else goes out. */
  transaction: TransactionRunner | undefined
  ended: boolean
}

export function createSessionState(): SessionState {
  return {
    units: [],
    calls: new Set(),
    stopCalls: new Set(),
    stopTransaction: new Set(),
    transaction: undefined,
    ended: false,
  }
}

/**
 * Refuses what would run beside an open transaction: it would be kept although the transaction is rolled back, or wait
 * for it on a database with one connection.
 *
 * @throws UsageError when the session has ended, or while a transaction of it is open
 */
export function assertFree(state: SessionState): void {
  if (state.ended) throw endedError()
  if (state.transaction === undefined) return
  throw besideTransaction('the session cannot be used: a transaction of it is open')
}

export function besideTransaction(message: string): UsageError {
  return new UsageError(message, {
    hint:
      'Use the session that the callback receives; for repositories, inTransaction(scope, async (scope) => …) and ' +
      'scope.resolve. For work of another transaction, open another session: database.session().',
  })
}
