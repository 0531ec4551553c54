import type { SQLWrapper } from 'drizzle-orm'
import { UsageError, type LexigramError } from '../../core/errors.ts'
import type { RowSet, Statement, TransactionOptions } from '../contract/driver.ts'
import type { PreparedStatement } from '../drizzle/prepared-statement.ts'
import { expectRows, failedExpectation } from './row-expectation.ts'
import type { Runner } from './connection-runner.ts'

export interface AddOptions {
  /**
   * How many rows the statement must affect, checked by the database inside the batch: another number undoes all of
   * it. The statement has to be a builder or an expression of `insert`, `update` or `delete` without `returning`.
   */
  readonly expectRows?: number
  /** The error when it affected another number of rows. @default a ConflictError */
  readonly otherwise?: () => LexigramError
}

/**
 * Collects writes and sends them together. Nothing reaches the database before `commit`. One that ends with writes,
 * with its session or by itself, says so.
 */
export interface UnitOfWork extends AsyncDisposable {
  /** Adds a write: a Drizzle builder or an expression. Order is kept. */
  add(write: SQLWrapper | PreparedStatement, options?: AddOptions): void
  /** How many writes are waiting. */
  readonly pending: number
  /** Sends the writes as one atomic batch, in one round trip; the unit is empty afterwards. Without writes it does nothing. */
  commit(options?: TransactionOptions): Promise<void>
  /** Forgets the writes. */
  rollback(): void
}

export interface UnitOfWorkParts {
  readonly runner: Runner
  readonly prepare: (write: SQLWrapper | PreparedStatement) => PreparedStatement
  /** Told how many writes were still waiting when the unit ended: they were never sent. */
  readonly onForgotten: (writes: number) => void
}

interface Write {
  readonly statement: Statement
  readonly otherwise: (() => LexigramError) | undefined
}

export function createUnitOfWork(parts: UnitOfWorkParts, conflict: () => LexigramError): UnitOfWork {
  let writes: Write[] = []
  let committing = false
  const unit: UnitOfWork = {
    get pending() {
      return writes.length
    },
    add(write, options = {}) {
      if (committing) throw new UsageError('a write was added during the commit')
      const expected = options.expectRows
      const { statement } = parts.prepare(write)
      if (expected === undefined) writes.push({ statement, otherwise: undefined })
      else {
        const guarded = expectRows(statement, expected, writes.length)
        writes.push({ statement: guarded, otherwise: options.otherwise ?? conflict })
      }
    },
    async commit(options) {
      if (writes.length === 0) return
      committing = true
      try {
        await send(parts.runner, writes, options)
        writes = []
      } finally {
        committing = false
      }
    },
    rollback() {
      writes = []
    },
    async [Symbol.asyncDispose]() {
      const forgotten = writes.length
      writes = []
      if (forgotten > 0) parts.onForgotten(forgotten)
    },
  }
  return unit
}

async function send(runner: Runner, writes: readonly Write[], options?: TransactionOptions): Promise<RowSet[]> {
  const statements = writes.map((write) => write.statement)
  try {
    return await runner.run(statements, options)
  } catch (error) {
    const failed = writes[failedExpectation(error)]?.otherwise
    throw failed === undefined ? error : failed()
  }
}
