import { assertFunction } from '../../core/plain-object.ts'
import { UsageError } from '../../core/errors.ts'
import { holdToArguments } from '../../core/known-arguments.ts'
import { DocumentTransactionError } from '../errors.ts'
import type { Session, StoreContext } from './session.ts'
import { SpanSession } from './span-session.ts'
import { runTransaction, type DocumentTransactionOptions } from './transaction.ts'

/**
 * A session as MongoDB's driver has it, for programs that were written for it: operations take it as an option, and those
 * that do are part of its transaction. Where a program is new, `store.transaction` is better: what its callback gets cannot
 * be forgotten.
 *
 * @example
 * import type { DocumentStore } from 'lexigram-edge/nosql'
 *
 * export async function rename(store: DocumentStore, id: string, name: string) {
 *   await store.withSession((session) =>
 *     session.withTransaction(async () => {
 *       await store.collection('users').updateOne({ _id: id }, { $set: { name } }, { session })
 *       await store.collection('log').insertOne({ renamed: id }, { session })
 *     }),
 *   )
 * }
 */
export class DocumentSession implements AsyncDisposable {
  readonly #store: StoreContext
  #transaction: Session | undefined
  #ended = false

  /** @internal Sessions come from a store. */
  constructor(store: StoreContext) {
    this.#store = store
  }

  get hasEnded(): boolean {
    return this.#ended
  }

  inTransaction(): boolean {
    return this.#transaction !== undefined
  }

  /**
   * Runs `work` in one transaction, as `store.transaction` does; operations take part that get this session.
   *
   * @throws UsageError within a transaction of this session, and after its end; otherwise as `store.transaction`
   */
  async withTransaction<R>(work: (session: this) => Promise<R>, options: DocumentTransactionOptions = {}): Promise<R> {
    assertFunction(work, 'the work of a transaction')
    if (this.#ended) throw afterEnd()
    if (this.#transaction !== undefined)
      throw new UsageError('a transaction cannot begin: another one of this session is open')
    try {
      return await runTransaction(
        this.#store,
        (transaction) => {
          this.#transaction = transaction
          return work(this)
        },
        options,
      )
    } finally {
      this.#transaction = undefined
    }
  }

  /** Ends the session; harmless when it is repeated. A transaction that is going on ends by itself. */
  async endSession(): Promise<void> {
    this.#ended = true
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.endSession()
  }

  /** @internal What an operation runs on that was called with this session: its transaction, where there is one. */
  enter(outer: Session): Session {
    const refusal = this.#refusal(outer)
    if (refusal !== undefined) return refusing(outer, refusal)
    if (this.#transaction === undefined) return outer
    const { span } = outer
    return span === undefined ? this.#transaction : new SpanSession(this.#transaction, span)
  }

  #refusal(outer: Session): Error | undefined {
    if (this.#ended) return afterEnd()
    if (outer.store.backend !== this.#store.backend)
      return new UsageError('a session cannot be used with another store')
    if (outer.transactional) return new UsageError('a session cannot be used within store.transaction')
    return undefined
  }
}

holdToArguments(DocumentSession.prototype, { byPromise: { withTransaction: 2 }, atOnce: { inTransaction: 0 } })

function afterEnd(): DocumentTransactionError {
  return new DocumentTransactionError('a session cannot be used after its end')
}

/** Fails where the operation would begin, so that it fails where it is awaited. */
function refusing(outer: Session, error: Error): Session {
  const refuse = () => Promise.reject(error)
  return {
    store: outer.store,
    transactional: outer.transactional,
    span: outer.span,
    open: refuse,
    inTurn: refuse,
    markFailed: () => undefined,
  }
}
