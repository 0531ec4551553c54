import type { Io } from '../../core/lifetime.ts'

/** A parameter or cell in PostgreSQL's text format; `null` is NULL. Encoding and decoding are not a driver's business. */
export type SqlText = string | null

/** One statement with `$1`, `$2`, … for its parameters. */
export interface Statement {
  readonly text: string
  readonly params: readonly SqlText[]
}

export interface ResultColumn {
  readonly name: string
  /** Object id of the type: 23 is `int4`. */
  readonly type: number
}

/** What a statement gave back: cells as text, in the order of the columns. */
export interface RowSet {
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly (readonly SqlText[])[]
  /** Rows returned or affected. */
  readonly rowCount: number
}

export interface TransactionOptions {
  /** @default the database's own, `read committed` unless it was changed */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
  /** Has an effect with `serializable` and `readOnly` only. */
  readonly deferrable?: boolean
}

export interface CallOptions {
  /** Gives the call up; what the database already does may still happen. */
  readonly signal?: AbortSignal | undefined
}

/** An interactive transaction that has begun. */
export interface DriverTransaction {
  execute(statement: Statement, options: CallOptions): Promise<RowSet>
  commit(): Promise<void>
  /** Also gives the connection back; never needed after `commit`, whether that worked or not. */
  rollback(): Promise<void>
}

/** A driver's part of one session: what it opens here dies with it. */
export interface DriverSession {
  execute(statement: Statement, options: CallOptions): Promise<RowSet>
  /** All statements in one transaction and, where the database allows it, one round trip. */
  batch(
    statements: readonly Statement[],
    options: CallOptions & { readonly transaction: TransactionOptions },
  ): Promise<RowSet[]>
  /** Absent where the driver has no interactive transactions. */
  begin?(options: CallOptions & { readonly transaction: TransactionOptions }): Promise<DriverTransaction>
  close(): Promise<void>
}

/** A database that has been opened, for the life of the application. */
export interface DriverConnection {
  session(): DriverSession
  close(): Promise<void>
}

export interface DriverSettings {
  readonly url: string
  /** Most connections, or requests, that one holder may have open at a time. */
  readonly poolSize: number
  /** Longest wait for one of them, in milliseconds. */
  readonly poolTimeoutMs: number
}

/** An implementation of this contract for one database. */
export interface DatabaseDriver {
  readonly name: string
  /** What an opened connection holds between requests. */
  readonly io: Io
  readonly interactiveTransactions: boolean
  /** Whether a URL is for this driver. */
  accepts(url: URL): boolean
  open(settings: DriverSettings): DriverConnection | Promise<DriverConnection>
}
