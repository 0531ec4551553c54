import type { PGlite, Transaction } from '@electric-sql/pglite'
import type { CallOptions, DriverTransaction, RowSet, Statement, TransactionOptions } from '../../contract/driver.ts'
import { transactionModes } from '../../contract/transaction-modes.ts'
import type { TextQuery } from './text-query.ts'

type Outcome = 'commit' | 'rollback'

interface Parts {
  readonly query: TextQuery
  readonly transaction: Transaction
  readonly end: (outcome: Outcome) => void
  readonly ended: () => Promise<void>
}

/** The database's transactions live inside a callback; this one is kept open until somebody ends it. */
export function beginTransaction(
  db: PGlite,
  query: TextQuery,
  options: { readonly modes: TransactionOptions; readonly onEnd: () => void },
): Promise<DriverTransaction> {
  return new Promise((resolve, reject) => {
    const ended: Promise<void> = db
      .transaction(async (transaction) => {
        await applyModes(transaction, options.modes)
        const outcome = await new Promise<Outcome>((end) =>
          resolve(new PGliteTransaction({ query, transaction, end, ended: () => ended })),
        )
        if (outcome === 'rollback') await transaction.rollback()
      })
      .finally(options.onEnd)
    ended.catch(reject)
  })
}

export async function applyModes(transaction: Transaction, options: TransactionOptions): Promise<void> {
  const modes = transactionModes(options)
  if (modes !== '') await transaction.query(`set transaction ${modes}`)
}

class PGliteTransaction implements DriverTransaction {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  execute(statement: Statement, options: CallOptions): Promise<RowSet> {
    return this.#parts.query(this.#parts.transaction, statement, options)
  }

  commit(): Promise<void> {
    this.#parts.end('commit')
    return this.#parts.ended()
  }

  rollback(): Promise<void> {
    this.#parts.end('rollback')
    return this.#parts.ended()
  }
}
