import { sql, type SQLWrapper } from 'drizzle-orm'
import { isLexigramError, UsageError, type LexigramError } from '../errors.ts'
import type { RowSet, Statement, TransactionOptions } from './driver.ts'
import type { Prepared } from './drizzle-bridge.ts'
import type { Runner } from './runner.ts'

export interface AddOptions {
  /**
   * How many rows the statement must affect, checked by the database inside the batch: another number undoes all of
   * it. The statement has to be a builder or an expression of `insert`, `update` or `delete` without `returning`.
   */
  readonly expectRows?: number
  /** The error when it affected another number of rows. @default a ConflictError */
  readonly otherwise?: () => LexigramError
}

/** Collects writes and sends them together. Nothing reaches the database before `commit`. */
export interface UnitOfWork extends AsyncDisposable {
  /** Adds a write: a Drizzle builder or an expression. Order is kept. */
  add(write: SQLWrapper, options?: AddOptions): void
  /** How many writes are waiting. */
  readonly pending: number
  /** Sends the writes as one atomic batch, in one round trip; the unit is empty afterwards. Without writes it does nothing. */
  commit(options?: TransactionOptions): Promise<void>
  /** Forgets the writes. */
  rollback(): void
}

export interface UnitOfWorkParts {
  readonly runner: Runner
  readonly prepare: (write: SQLWrapper) => Prepared
  /** Told how many writes were still waiting when the unit ended: they were never sent. */
  readonly onForgotten: (writes: number) => void
}

interface Write {
  readonly statement: Statement
  readonly otherwise: (() => LexigramError) | undefined
}

/** Written by the database into the error that a failed expectation raises; the number says which write it was. */
const mark = 'lexigram:expected-rows:'

export function createUnitOfWork(parts: UnitOfWorkParts, conflict: () => LexigramError): UnitOfWork {
  let writes: Write[] = []
  let committing = false
  const unit: UnitOfWork = {
    get pending() {
      return writes.length
    },
    add(write, options = {}) {
      if (committing) throw new UsageError('a write was added while the unit of work was being committed')
      const expected = options.expectRows
      const guarded = expected === undefined ? write : expectRows(write, expected, writes.length)
      const otherwise = expected === undefined ? undefined : (options.otherwise ?? conflict)
      writes.push({ statement: parts.prepare(guarded).statement, otherwise })
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
      if (writes.length > 0) parts.onForgotten(writes.length)
      writes = []
    },
  }
  return unit
}

async function send(runner: Runner, writes: readonly Write[], options?: TransactionOptions): Promise<RowSet[]> {
  const statements = writes.map((write) => write.statement)
  try {
    // A single write is atomic by itself; the options would make a batch of it.
    return await runner.run(statements, options)
  } catch (error) {
    const failed = writes[markedWrite(error)]?.otherwise
    throw failed === undefined ? error : failed()
  }
}

/**
 * Counts the affected rows inside the statement and, when the count is another, casts a text to a number that is not
 * one. The cast is around the choice: of a literal alone the planner would take it before it counts.
 */
function expectRows(write: SQLWrapper, expected: number, index: number): SQLWrapper {
  if (!Number.isInteger(expected) || expected < 0) throw new UsageError('expectRows needs a whole number from 0')
  const [count, failure] = [sql.raw(String(expected)), sql.raw(`'${mark}${index}'`)]
  return sql`with written as (${write.getSQL()} returning 1) select (case when count(*) = ${count} then '0' else ${failure} end)::int from written`
}

function markedWrite(error: unknown): number {
  const cause = isLexigramError(error) ? error.cause : undefined
  const text = (cause as { readonly message?: unknown } | undefined)?.message
  const found = typeof text === 'string' ? text.indexOf(mark) : -1
  return found < 0 ? -1 : Number.parseInt((text as string).slice(found + mark.length), 10)
}
