import { UsageError } from '../../core/errors.ts'
import type { CallOptions, DriverSession, RowSet, Statement, TransactionOptions } from '../contract/driver.ts'
import { report, type Observer } from './statement-log.ts'
import { toSqlError } from './sql-state.ts'

/** Sends statements. Several are one unit: all or none take effect. */
export interface Runner {
  run(statements: readonly Statement[], options?: TransactionOptions): Promise<RowSet[]>
}

export interface RunnerContext extends Observer, CallOptions {}

/** Wraps one call to a driver: logs it, and turns what it throws into a typed error. */
export async function observed<T>(
  context: RunnerContext,
  statements: readonly Statement[],
  call: () => Promise<T>,
): Promise<T> {
  const startedAt = context.log === undefined ? 0 : context.now()
  try {
    const result = await call()
    if (context.log !== undefined) report(context, statements, { startedAt, rows: countRows(result) })
    return result
  } catch (thrown) {
    const error = toSqlError(thrown, context.signal)
    if (context.log !== undefined) report(context, statements, { startedAt, rows: 0, error })
    throw error
  }
}

/** Sends each call on its own: one statement as it is, several as a batch in one transaction. */
export class ConnectionRunner implements Runner {
  readonly #session: DriverSession
  readonly #context: RunnerContext
  readonly #prelude: readonly Statement[]
  #closed = false

  /** `prelude` goes before the statements of every call, in the same transaction; its rows are dropped. */
  constructor(session: DriverSession, context: RunnerContext, prelude: readonly Statement[] = []) {
    this.#session = session
    this.#context = context
    this.#prelude = prelude
  }

  close(): void {
    this.#closed = true
  }

  /** @throws UsageError when the session has ended */
  assertOpen(): void {
    if (this.#closed) throw endedError()
  }

  async run(statements: readonly Statement[], options?: TransactionOptions): Promise<RowSet[]> {
    this.assertOpen()
    const [first] = statements
    if (first === undefined) return []
    const { signal } = this.#context
    assertNotAborted(signal)
    if (statements.length === 1 && options === undefined && this.#prelude.length === 0) {
      return [await observed(this.#context, statements, () => this.#session.execute(first, { signal }))]
    }
    const all = [...this.#prelude, ...statements]
    const batch = () => this.#session.batch(all, { signal, transaction: options ?? {} })
    return (await observed(this.#context, all, batch)).slice(this.#prelude.length)
  }
}

/** @throws TimeoutError when the caller has given up already: nothing is sent then */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw toSqlError(signal.reason, signal)
}

/**
 * Settles like `work`, or rejects with a `TimeoutError` when the signal fires first: work that waits for something else
 * than the database would otherwise hold its transaction, and what that has locked, for nobody.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(toSqlError(signal.reason, signal))
    const settle = (): void => signal.removeEventListener('abort', giveUp)
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp)
    work.then(resolve, reject).finally(settle)
  })
}

export function endedError(): UsageError {
  return new UsageError('the database session was used after its end', {
    hint: 'Await every statement before the scope ends, or open a session of your own.',
  })
}

function countRows(result: unknown): number {
  const sets = [result].flat() as readonly Partial<RowSet>[]
  return sets.reduce((total, set) => total + (set?.rowCount ?? 0), 0)
}
