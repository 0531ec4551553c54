import type { CollectionSpec } from '../../contract/define-collection.ts'
import type { DocumentDriverTransaction } from '../../contract/driver.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { StoredDocument } from '../../contract/query.ts'
import { WriteConflictError } from '../../errors.ts'
import { transactionCollection } from './transaction-collection.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { TransactionView } from './transaction-view.ts'

/**
 * Reads see the database as it was when the transaction began, with its own writes over it; writes are kept aside until
 * the commit. A document that another client has written meanwhile cannot be written: the first committer wins.
 */
export class MemoryTransaction implements DocumentDriverTransaction {
  readonly #database: MemoryDatabase
  readonly #views = new Map<string, TransactionView>()

  constructor(database: MemoryDatabase) {
    this.#database = database
    database.transactions.add(this)
  }

  view(name: string): TransactionView {
    let view = this.#views.get(name)
    if (view === undefined) this.#views.set(name, (view = new TransactionView(name, this.#database)))
    return view
  }

  collection(name: string, spec?: CollectionSpec): DriverCollection {
    this.#database.collection(name, spec)
    return transactionCollection(this.#database, this.view(name))
  }

  /** Keeps what a document was before its first change by another client. */
  preserve(name: string, key: string, before: StoredDocument | undefined): void {
    this.view(name).preserve(key, before)
  }

  async commit(): Promise<void> {
    this.#database.transactions.delete(this)
    const views = [...this.#views.values()].filter((view) => view.own.size > 0)
    if (!views.every((view) => view.canCommit())) {
      throw new WriteConflictError(
        'the transaction cannot commit: another client wrote one of its documents in between',
      )
    }
    for (const view of views) view.commit()
    if (views.length > 0) await this.#database.changed()
  }

  async abort(): Promise<void> {
    this.#database.transactions.delete(this)
  }
}
