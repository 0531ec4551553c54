import { is, type SQLWrapper } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { UsageError, type LexigramError } from '../../../core/errors.ts'
import type { PreparedStatement } from '../../drizzle/prepared-statement.ts'
import { CommitUnknownError } from '../../errors.ts'
import type { Runner } from '../connection-runner.ts'
import type { SessionTransactionOptions } from '../calls/retry.ts'
import { sendWrites, type UnitWrite } from './unit-writes.ts'

/** What a unit of work expects of a statement that is added to it. */
export interface AddOptions {
  /**
   * How many rows the statement must affect. The database checks it inside the batch: another number rolls the batch back.
   * The statement must be a builder or an expression of `insert`, `update` or `delete` without `returning`.
   */
  readonly expectRows?: number
  /** The error when it affected another number of rows. @default a ConflictError */
  readonly otherwise?: () => LexigramError
  /**
   * The table whose rows the statement stores. Writes that follow each other and say so are sent in the order of the
   * declared foreign keys: rows before those that refer to them. @default the write keeps its place
   */
  readonly stores?: PgTable
  /**
   * The values that it stores, by property of that table: they put rows in order whose tables refer to each other, or to
   * themselves.
   */
  readonly row?: Readonly<Record<string, unknown>>
  /**
   * The table from which the statement deletes. Deletions that follow each other and say so are sent in the opposite
   * order. @default the write keeps its place
   */
  readonly removes?: PgTable
}

/** A write as `add` takes it. */
export interface TrackedWrite {
  readonly write: SQLWrapper | PreparedStatement
  readonly options?: AddOptions
}

/** A source of writes, which a unit of work asks when it commits. */
export interface TrackedChanges {
  changes(): readonly TrackedWrite[]
  /** Called when the changes were sent or dropped. The source is not asked again. */
  onEnd?(): void
}

/**
 * Collects writes and sends them together. Nothing reaches the database before `commit`. A unit that ends with writes
 * reports them, whether it ends with its session or is disposed of.
 */
export interface UnitOfWork extends AsyncDisposable {
  /**
   * Adds a write: a Drizzle builder or an expression. Order is kept.
   *
   * @throws UsageError during a commit, and after one whose outcome is unknown
   */
  add(write: SQLWrapper | PreparedStatement, options?: AddOptions): void
  /**
   * Adds a source of writes that is asked at the commit, after the writes that were added. `findIn` and `trackIn` of a
   * repository add their entities so. A commit that has sent something removes the source, and so does a rollback.
   */
  track(tracked: TrackedChanges): void
  /** How many writes were added and are waiting. What is tracked is asked at the commit. */
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
  readonly onUncommitted: (writes: number) => void
}

/** A unit of work as its session keeps it. */
export interface ManagedUnit extends UnitOfWork {
  /** Drops the writes, after a commit in flight, and returns how many there were. */
  discard(): Promise<number>
}

/** By hand: the shared checks of options would be a large part of what a session weighs. */
function assertAddOptions(options: AddOptions): void {
  const { expectRows, otherwise, stores, row, removes, ...unknown } = options
  const wrong =
    (Object.keys(unknown).length > 0 && 'options of a write must be expectRows, otherwise, stores, row or removes') ||
    (expectRows !== undefined &&
      !(Number.isSafeInteger(expectRows) && expectRows >= 0) &&
      'expectRows must be a whole number of at least 0') ||
    (otherwise !== undefined && typeof otherwise !== 'function' && 'otherwise must be a function') ||
    ([stores, removes].some((table) => table !== undefined && !is(table, PgTable)) &&
      'stores and removes must be Drizzle tables') ||
    (stores !== undefined && removes !== undefined && 'a write cannot have both stores and removes') ||
    (row !== undefined &&
      (typeof row !== 'object' || row === null || stores === undefined) &&
      'row must be an object beside stores')
  if (typeof wrong === 'string') throw new UsageError(wrong)
}

export function createUnitOfWork(parts: UnitOfWorkParts, conflict: () => LexigramError): ManagedUnit {
  let writes: UnitWrite[] = []
  let tracked: TrackedChanges[] = []
  let committing: Promise<void> | undefined
  let closedBy: CommitUnknownError | undefined
  const assertOpen = (): void => {
    if (closedBy !== undefined) throw closedError(closedBy)
    if (committing !== undefined) throw new UsageError('a write cannot be added while its unit of work commits')
  }
  const toWrite = ({ write, options = {} }: TrackedWrite): UnitWrite => {
    assertAddOptions(options)
    const { expectRows, otherwise = conflict, stores, row, removes } = options
    return { statement: parts.prepare(write).statement, expectRows, otherwise, stores, row, removes }
  }
  const changes = (): UnitWrite[] => tracked.flatMap((each) => each.changes()).map(toWrite)
  const empty = (): void => {
    writes = []
    for (const each of tracked.splice(0)) each.onEnd?.()
  }
  const send = async (all: readonly UnitWrite[], options: SessionTransactionOptions | undefined): Promise<void> => {
    try {
      await sendWrites(parts.runner, all, options)
      empty()
    } catch (error) {
      if (error instanceof CommitUnknownError) {
        closedBy = error
        empty()
      }
      throw error
    } finally {
      committing = undefined
    }
  }
  const discard = async (): Promise<number> => {
    // The caller of commit gets its error.
    await committing?.catch(() => undefined)
    const dropped = writes.length
    empty()
    return dropped
  }
  return {
    get pending() {
      return writes.length
    },
    add(write, options = {}) {
      assertOpen()
      writes.push(toWrite({ write, options }))
    },
    track(more) {
      assertOpen()
      tracked.push(more)
    },
    async commit(options) {
      if (committing !== undefined) return committing
      assertOpen()
      const all = [...writes, ...changes()]
      if (all.length === 0) return
      committing = send(all, options)
      await committing
    },
    rollback() {
      if (committing !== undefined) throw new UsageError('a unit of work cannot be rolled back while it commits')
      empty()
    },
    discard,
    async [Symbol.asyncDispose]() {
      await committing?.catch(() => undefined)
      const changed = changes().length
      const uncommitted = changed + (await discard())
      if (uncommitted > 0) parts.onUncommitted(uncommitted)
    },
  }
}

function closedError(cause: CommitUnknownError): UsageError {
  return new UsageError('the unit of work cannot be used: the outcome of its commit is unknown', {
    hint: 'Read what is stored, and repeat what is missing in another unit of work.',
    cause,
  })
}
