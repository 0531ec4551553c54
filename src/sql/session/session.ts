import type { Query, SQLWrapper } from 'drizzle-orm'
import type { RunnableQuery } from 'drizzle-orm/runnable-query'
import type { CursorSealer } from '../../core/cursor/cursor-sealer.ts'
import type { Db } from '../drizzle/db.ts'
import type { SqlDialect } from '../drizzle/dialect.ts'
import type { PreparedStatement } from '../drizzle/prepared-statement.ts'
import type { Schema } from '../drizzle/version.ts'
import type { SqlRows } from '../text-format/rows.ts'
import type { SessionTransactionOptions } from './calls/retry.ts'
import type { SessionStats } from './session-stats.ts'
import type { Settings } from './settings.ts'
import type { UnitOfWork } from './units/unit-of-work.ts'

/** What a batch takes: a Drizzle builder, whose rows are mapped, one that was prepared, or an expression. */
export type BatchItem = SQLWrapper | RunnableQuery<unknown, 'pg'> | PreparedQuery | PreparedStatement

/** What `prepare` of a Drizzle builder returns. */
export interface PreparedQuery<T = unknown> {
  getQuery(): Query
  execute(values?: Record<string, unknown>): Promise<T>
}

/** What a batch returns for each of its items. */
export type BatchResults<T extends readonly BatchItem[]> = { -readonly [K in keyof T]: BatchResult<T[K]> }

type BatchResult<T> =
  T extends PreparedStatement<infer R>
    ? R
    : T extends RunnableQuery<infer R, 'pg'>
      ? R
      : T extends PreparedQuery<infer R>
        ? R
        : SqlRows

/** What a repository talks to for the length of one request. Every driver has all of it. */
export interface DbSession<TSchema extends Schema = Record<string, never>> extends AsyncDisposable {
  /** Name of its database: that of a named one, else `default`. */
  readonly database: string
  /** Drizzle's query builder; each awaited builder is one round trip. */
  readonly db: Db<TSchema>
  /** What it has asked of the database until now, with the sessions derived from it. */
  readonly stats: SessionStats
  /** Seals the positions of pages; a repository's `page` uses it, and a query with pages may. */
  readonly cursors: CursorSealer
  /** Writes the statements of repositories. @internal */
  readonly dialect: SqlDialect
  /**
   * Runs one statement and returns its rows with the database's own column names. `T` is the caller's word. It is a
   * Drizzle builder or expression, a text with the values of `$1`, `$2`, …, or this method is the tag of a template,
   * whose values become parameters: session.execute`select * from orders where id = ${id}`.
   *
   * @throws LexigramError by SQLSTATE: `DuplicateKeyError`, `ForeignKeyError`, `QueryError`, … ; `CommitUnknownError`
   * when the answer was lost and it may have written; `DatabaseUnavailableError` or `TimeoutError` when nothing was
   * changed; `UsageError` after the session's end, and while a transaction of it is open
   */
  execute<T = Record<string, unknown>>(query: SQLWrapper): Promise<SqlRows<T>>
  execute<T = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<SqlRows<T>>
  execute<T = Record<string, unknown>>(template: TemplateStringsArray, ...values: unknown[]): Promise<SqlRows<T>>
  /** Runs a statement that was rendered beforehand, and returns what it reads from the rows. */
  run<T>(statement: PreparedStatement<T>): Promise<T>
  /**
   * Runs all items in one transaction and one round trip: all or nothing. Results are in the order of the items.
   *
   * @throws CommitUnknownError when the answer was lost; otherwise as `execute`
   */
  batch<const T extends readonly BatchItem[]>(items: T, options?: SessionTransactionOptions): Promise<BatchResults<T>>
  /** A collector of writes that go out together at `commit`. Dispose of it, or pass it to `atomic`. */
  unitOfWork(): UnitOfWork
  /**
   * Runs `work` and then sends the writes that it added, as one atomic batch. An exception or a returned `Err` sends
   * nothing. What `work` reads it reads outside of that transaction.
   */
  atomic<T>(work: (unit: UnitOfWork) => T | Promise<T>, options?: SessionTransactionOptions): Promise<T>
  /**
   * A session over the same connection whose every call runs under these settings, for row-level security. They hold
   * until the end of each call's transaction and cost no additional round trip except in an interactive one.
   */
  withSettings(settings: Settings): DbSession<TSchema>
}

/** A session of a driver that has interactive transactions. */
export interface TransactionalDbSession<TSchema extends Schema = Record<string, never>> extends DbSession<TSchema> {
  /**
   * Runs `work` inside a transaction: reads see writes, and an exception or a returned `Err` rolls back. Called on the
   * session that `work` receives, it is a savepoint. Begun with the first statement. While it is open, the session that
   * it was called on refuses everything else. Run again only
   * where `retry` asks for it, and then from its beginning: what `work` does elsewhere, it does each time.
   *
   * @throws TransactionError when a statement had failed, although `work` caught its error: everything is rolled back
   * @throws CommitUnknownError when the answer to the commit was lost
   * @throws TimeoutError when the session's signal fires before `work` has settled; it is rolled back then
   * @throws UsageError when the session ends before; it is rolled back then
   */
  transaction<T>(
    work: (session: TransactionalDbSession<TSchema>) => Promise<T>,
    options?: SessionTransactionOptions,
  ): Promise<T>
  withSettings(settings: Settings): TransactionalDbSession<TSchema>
}
