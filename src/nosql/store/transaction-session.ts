import type { Span } from '../../core/tracing/tracer.ts'
import type { DriverContext } from '../contract/context.ts'
import type { CollectionSpec } from '../contract/define-collection.ts'
import type { DocumentDriverTransaction } from '../contract/driver.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import { DocumentTransactionError, WriteConflictError } from '../errors.ts'
import type { Session, StoreContext } from './session.ts'
import { assertInTime, callContext } from './store-context.ts'

/** The session of one attempt of a transaction. */
export class TransactionSession implements Session {
  readonly store: StoreContext
  readonly transactional = true
  readonly span: Span | undefined
  readonly #transaction: DocumentDriverTransaction
  #ended = false
  #failure: Error | undefined
  /** Settles, always well, when the work given so far has ended. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(store: StoreContext, transaction: DocumentDriverTransaction) {
    this.store = store
    this.span = store.span
    this.#transaction = transaction
  }

  async open(name: string, spec: CollectionSpec | undefined, context: DriverContext): Promise<DriverCollection> {
    this.#assertOpen()
    if (this.#failure !== undefined) throw this.#aborted(this.#failure)
    assertInTime(context)
    return this.#transaction.collection(name, spec, context)
  }

  get conflicted(): boolean {
    return this.#failure instanceof WriteConflictError
  }

  /** Nothing of it is stored, and another attempt may succeed. */
  get repeatable(): boolean {
    return this.conflicted || this.#transaction.repeatable === true
  }

  /** Why it cannot be committed. */
  get failure(): Error | undefined {
    return this.#failure
  }

  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue(() => {
      this.#assertOpen()
      return work()
    })
  }

  markFailed(error: Error): void {
    this.#failure ??= error
  }

  /** @throws WriteConflictError when another attempt may succeed. */
  async commit(): Promise<void> {
    this.#ended = true
    const call = callContext(this)
    return this.#queue(async () => {
      if (this.#failure === undefined) return this.#transaction.commit(call)
      await this.#transaction.abort(call)
      throw this.#failure instanceof WriteConflictError ? this.#failure : this.#aborted(this.#failure)
    })
  }

  async abort(): Promise<void> {
    this.#ended = true
    await this.#queue(() => this.#transaction.abort(callContext(this)))
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work)
    this.#last = run.catch(() => undefined)
    return run
  }

  #assertOpen(): void {
    if (!this.#ended) return
    throw new DocumentTransactionError('the transaction cannot be used: it has ended', {
      hint: 'Await every operation inside the callback.',
    })
  }

  #aborted(cause: Error): DocumentTransactionError {
    return new DocumentTransactionError('the transaction cannot be committed: one of its writes was refused', {
      cause,
      hint: 'Rethrow the error of the write from the callback.',
    })
  }
}

/** The pages of a transaction, each asked for in its turn, so that other calls may come between two of them. */
export async function* inTurns<T>(session: Session, pages: AsyncIterable<T>): AsyncGenerator<T, void> {
  const iterator = pages[Symbol.asyncIterator]()
  let ended = false
  try {
    for (;;) {
      const step = await session.inTurn(() => iterator.next())
      if (step.done === true) {
        ended = true
        return
      }
      yield step.value
    }
  } finally {
    if (!ended) await release(session, iterator)
  }
}

/** Releases what the backend holds, in its turn while there are turns. */
async function release(session: Session, iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await session.inTurn(async () => iterator.return?.())
  } catch (error) {
    if (!(error instanceof DocumentTransactionError)) throw error
    await iterator.return?.()
  }
}
