import type { Span } from '../../core/tracing/tracer.ts'
import type { CountConnections } from '../../core/tracing/connection-states.ts'
import type { Io } from '../../core/lifetime.ts'

/** A parameter or cell in PostgreSQL's text format; `null` is NULL. A driver neither encodes nor decodes. */
export type SqlText = string | null

/** One statement with `$1`, `$2`, … for its parameters. */
export interface Statement {
  readonly text: string
  readonly params: readonly SqlText[]
}

/** A column of an answer. */
export interface ResultColumn {
  readonly name: string
  /** Object id of the type: 23 is `int4`. */
  readonly type: number
}

/** What a statement returned: cells as text, in the order of the columns. */
export interface RowSet {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly (readonly SqlText[])[]
  /** Rows returned or affected. */
  readonly rowCount: number
}

/** The characteristics of a transaction, as PostgreSQL has them. */
export interface TransactionOptions {
  /** @default the database's own, `read committed` unless it was changed */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
  /** Has an effect with `serializable` and `readOnly` only. */
  readonly deferrable?: boolean
}

/** What each call of a driver receives beside its statements. */
export interface CallOptions {
  /**
   * Fires when the call must end: its time is over, its caller has left or its session has ended. The driver then stops
   * what it can and rejects at once, with a `LexigramError` if nothing of the call has reached the database.
   */
  readonly signal: AbortSignal
  /** What waits and requests are traced as parts of; undefined where nothing is traced. */
  readonly span?: Span | undefined
}

/** How a driver begins a transaction. */
export interface BeginOptions extends CallOptions {
  readonly transaction: TransactionOptions
  /**
   * Whether to wait until the connection has answered, which costs a round trip if one is opened: the caller can ask another
   * database. @default false
   */
  readonly verify?: boolean
}

/**
 * An interactive transaction that has begun. After a call that was aborted or lost, the driver has closed the connection,
 * so that the database rolls back.
 */
export interface DriverTransaction {
  execute(statement: Statement, options: CallOptions): Promise<RowSet>
  /** Resolves with the command tag of the answer: `COMMIT`, or `ROLLBACK` where a statement had failed. */
  commit(options: CallOptions): Promise<string>
  /**
   * Also returns the connection. It is never needed after `commit`, whether that worked or not. Closes the connection if it
   * cannot roll back in time.
   */
  rollback(options: CallOptions): Promise<void>
}

/**
 * A driver's part of one session: what it opens here dies with it. What a call rejects with says what happened:
 *
 * - an error whose `code` is an SQLSTATE: the database refused, and nothing was changed, unless the statement commits by
 *   itself (`call`, `do`), which the session knows; with `position` and `where` where the database sends them;
 * - a `LexigramError`: nothing of the call has reached the database, or the driver knows its outcome;
 * - any other error: the answer was lost, and a write may have been carried out.
 */
export interface DriverSession {
  /** One statement, in the extended protocol: a text with several statements is refused before any has run. */
  execute(statement: Statement, options: CallOptions): Promise<RowSet>
  /** All statements in one transaction and, where the database allows it, one round trip. */
  batch(
    statements: readonly Statement[],
    options: CallOptions & { readonly transaction: TransactionOptions },
  ): Promise<RowSet[]>
  /**
   * Whether a transaction's `execute` may be called before the one before has been answered. They run in order, and after
   * one that fails the others are refused. @default false
   */
  readonly pipelines?: boolean
  /** Absent where the driver has no interactive transactions. */
  begin?(options: BeginOptions): Promise<DriverTransaction>
  /** Cuts what is still in use and closes the rest, within a bounded time. */
  close(): Promise<void>
}

/** A database that has been opened, for the life of the application. */
export interface DriverConnection {
  session(): DriverSession
  close(): Promise<void>
}

/** What a driver opens a database with. */
export interface DriverSettings {
  readonly url: string
  /** The name of the database in traces; undefined for the only one. */
  readonly name?: string | undefined
  /** Most connections, or requests, that one holder may have open at a time. */
  readonly poolSize: number
  /** Longest wait for one of them, in milliseconds. */
  readonly poolTimeoutMs: number
  /** Longest time for a connection to open, in milliseconds. @default poolTimeoutMs */
  readonly connectTimeoutMs?: number | undefined
  /**
   * Most bytes of the answer to a call, as they arrive, or to calls of a transaction that are sent together. A driver does
   * not keep more: it stops the statements if it can, and rejects with an `AnswerTooLargeError` whose outcome is what it
   * knows.
   */
  readonly maxAnswerBytes: number
  /** Whether a connection may be kept for other requests; otherwise it has to end with its session. */
  readonly socketsOutliveRequests: boolean
  /** Attaches a vendor's pool to the platform; absent if the platform needs none. */
  readonly attachPool?: ((pool: unknown) => void) | undefined
  /** Takes each change of how many connections are idle or in use. @default they are not counted */
  readonly countConnections?: CountConnections | undefined
}

/** An implementation of this contract for one database. */
export interface DatabaseDriver {
  readonly name: string
  /** What an opened connection holds between requests. */
  readonly io: Io
  /**
   * Whether the driver, where sockets die with their request, opens them for each session and keeps none in between.
   * Otherwise a driver with sockets is refused there. @default false
   */
  readonly socketPerSession?: boolean
  readonly interactiveTransactions: boolean
  /** Whether a URL is for this driver. */
  accepts(url: URL): boolean
  open(settings: DriverSettings): DriverConnection | Promise<DriverConnection>
}
