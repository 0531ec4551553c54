import type { SQLWrapper } from 'drizzle-orm'
import { assertOptions, must } from '../../core/assert-options.ts'
import { UsageError, type LexigramError } from '../../core/errors.ts'
import type { Statement } from '../contract/driver.ts'
import type { PreparedStatement } from '../drizzle/prepared-statement.ts'
import { CommitUnknownError } from '../errors.ts'
import { expectRows, failedExpectation } from './row-expectation.ts'
import type { Runner } from './connection-runner.ts'
import type { SessionTransactionOptions } from './retry.ts'

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
 * with its session or by itself, reports them.
 */
export interface UnitOfWork extends AsyncDisposable {
  /**
   * Adds a write: a Drizzle builder or an expression. Order is kept.
   *
   * @throws UsageError during a commit, and after one whose outcome is unknown
   */
  add(write: SQLWrapper | PreparedStatement, options?: AddOptions): void
  /** How many writes are waiting. */
  readonly pending: number
  /**
   * Sends the writes as one atomic batch, in one round trip; the unit is empty afterwards. Without writes it does
   * nothing. Called again before it has settled, it waits for the same commit. When it fails, nothing was written and
   * the writes are still waiting, except after a `CommitUnknownError`, which closes the unit.
   *
   * @throws CommitUnknownError when the answer was lost; UsageError after that
   */
  commit(options?: SessionTransactionOptions): Promise<void>
  /** Drops the writes. @throws UsageError during a commit, which may have written them */
  rollback(): void
}

export interface UnitOfWorkParts {
  readonly runner: Runner
  readonly prepare: (write: SQLWrapper | PreparedStatement) => PreparedStatement
  /** Called with the number of writes that were still waiting when the unit ended: they were never sent. */
  readonly onForgotten: (writes: number) => void
}

/** A unit of work as its session keeps it. */
export interface ManagedUnit extends UnitOfWork {
  /** Drops the writes, after a commit that is under way, and returns how many there were. */
  discard(): Promise<number>
}

interface Write {
  readonly statement: Statement
  readonly otherwise: (() => LexigramError) | undefined
}

const addOptions = { expectRows: must.beWholeNumberFrom(0), otherwise: must.beFunction }

export function createUnitOfWork(parts: UnitOfWorkParts, conflict: () => LexigramError): ManagedUnit {
  let writes: Write[] = []
  let committing: Promise<void> | undefined
  let closedBy: CommitUnknownError | undefined
  const assertOpen = (): void => {
    if (closedBy !== undefined) throw closedError(closedBy)
  }
  const send = async (options: SessionTransactionOptions | undefined): Promise<void> => {
    try {
      await sendWrites(parts.runner, writes, options)
      writes = []
    } catch (error) {
      if (error instanceof CommitUnknownError) {
        closedBy = error
        writes = []
      }
      throw error
    } finally {
      committing = undefined
    }
  }
  const discard = async (): Promise<number> => {
    // The caller of commit gets its error.
    await committing?.catch(() => undefined)
    return writes.splice(0).length
  }
  return {
    get pending() {
      return writes.length
    },
    add(write, options = {}) {
      assertOpen()
      if (committing !== undefined) throw new UsageError('a write cannot be added while its unit of work commits')
      const { expectRows: expected } = assertOptions(options, addOptions)
      const { statement } = parts.prepare(write)
      if (expected === undefined) writes.push({ statement, otherwise: undefined })
      else {
        const guarded = expectRows(statement, expected, writes.length)
        writes.push({ statement: guarded, otherwise: options.otherwise ?? conflict })
      }
    },
    async commit(options) {
      if (committing !== undefined) return committing
      assertOpen()
      if (writes.length === 0) return
      committing = send(options)
      await committing
    },
    rollback() {
      if (committing !== undefined) throw new UsageError('a unit of work cannot be rolled back while it commits')
      writes = []
    },
    discard,
    async [Symbol.asyncDispose]() {
      const forgotten = await discard()
      if (forgotten > 0) parts.onForgotten(forgotten)
    },
  }
}

async function sendWrites(
  runner: Runner,
  writes: readonly Write[],
  options?: SessionTransactionOptions,
): Promise<void> {
  const statements = writes.map((write) => write.statement)
  try {
    await runner.run(statements, options)
  } catch (error) {
    const failed = writes[failedExpectation(error)]?.otherwise
    throw failed === undefined ? error : failed()
  }
}

function closedError(cause: CommitUnknownError): UsageError {
  return new UsageError('the unit of work cannot be used: the outcome of its commit is unknown', {
    hint: 'Read what is stored, and repeat what is missing in another unit of work.',
    cause,
  })
}
