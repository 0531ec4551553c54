import type { DriverTransaction } from '../contract/driver.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { DriverContext } from '../contract/context.ts'
import type { CollectionSpec } from '../contract/define-collection.ts'
import { TransactionError, WriteConflictError } from '../errors.ts'
import type { StoreContext } from './store-context.ts'

/** What collections run on: the store itself, or one transaction. */
export interface Session {
  readonly store: StoreContext
  readonly transactional: boolean
  /** @throws {NoSQLConnectionError | TransactionError} when there is nothing to run on any more. */
  open(name: string, spec: CollectionSpec | undefined, context: DriverContext): Promise<DriverCollection>
  /** A write was refused by the backend: a transaction cannot be committed after that. */
  markFailed(error: Error): void
}

export function storeSession(store: StoreContext): Session {
  return {
    store,
    transactional: false,
    async open(name, spec, context) {
      await store.ready(context)
      return store.backend.collection(name, spec, context)
    },
    markFailed: () => undefined,
  }
}

/** The session of one attempt of a transaction. */
export class TransactionSession implements Session {
  readonly store: StoreContext
  readonly transactional = true
  readonly #transaction: DriverTransaction
  #ended = false
  #failure: Error | undefined

  constructor(store: StoreContext, transaction: DriverTransaction) {
    this.store = store
    this.#transaction = transaction
  }

  async open(name: string, spec: CollectionSpec | undefined, context: DriverContext): Promise<DriverCollection> {
    if (this.#ended) {
      throw new TransactionError('The transaction has ended.', { hint: 'Await every operation inside the callback.' })
    }
    if (this.#failure !== undefined) throw this.#aborted(this.#failure)
    return this.#transaction.collection(name, spec, context)
  }

  get conflicted(): boolean {
    return this.#failure instanceof WriteConflictError
  }

  markFailed(error: Error): void {
    this.#failure ??= error
  }

  /** @throws {WriteConflictError} when another attempt may succeed. */
  async commit(): Promise<void> {
    this.#ended = true
    if (this.#failure === undefined) return this.#transaction.commit(this.store.context())
    await this.#transaction.abort(this.store.context())
    throw this.#failure instanceof WriteConflictError ? this.#failure : this.#aborted(this.#failure)
  }

  async abort(): Promise<void> {
    this.#ended = true
    await this.#transaction.abort(this.store.context())
  }

  #aborted(cause: Error): TransactionError {
    return new TransactionError('A write of this transaction was refused, so nothing of it is committed.', {
      cause,
      hint: 'Let the error of the write leave the callback.',
    })
  }
}
