/** A parameter or cell in PostgreSQL's text format. */
export type Text = string | null

export interface Query {
  readonly text: string
  readonly params: readonly Text[]
  /** Rows as arrays (`true`) or objects; the request header decides where the query does not. */
  readonly arrayMode?: boolean
}

export interface Field {
  readonly name: string
  readonly tableID: number
  readonly columnID: number
  readonly dataTypeID: number
  readonly dataTypeSize: number
  readonly dataTypeModifier: number
}

export interface QueryResult {
  readonly command: string
  readonly rowCount: number | null
  readonly fields: readonly Field[]
  readonly rows: readonly (readonly Text[])[]
}

/** Whom a client says it is. */
export interface Credentials {
  readonly user: string
  /** Undefined with a token of another issuer, which cannot be checked on this machine. */
  readonly password: string | undefined
  readonly database: string
}

export interface QueryRequest {
  /** Opens the transaction of several queries; null for one alone. */
  readonly begin: string | null
  readonly credentials: Credentials
  /** Most bytes of the answer. */
  readonly maxBytes: number
  /** Whether cells become JSON by their types, so that arrays have to be known. */
  readonly typed: boolean
  /** Fires when the client has left. */
  readonly signal: AbortSignal
}

export interface QueryAnswer {
  readonly results: readonly QueryResult[]
  /** The type of the elements of each array type in the results; complete for typed requests only. */
  readonly elements: ReadonlyMap<number, number>
}

/** The database end of one connection, after start-up: whole protocol messages in, bytes out. */
export interface Channel {
  /** What a server reports at start-up: `server_version`, `TimeZone`, … */
  readonly parameters: Readonly<Record<string, string>>
  readonly processId: number
  readonly secretKey: number
  send(message: Uint8Array): void
  /** The client is gone: an open transaction is rolled back. Idempotent. */
  end(): Promise<void>
}

export interface ChannelEvents {
  onData(bytes: Uint8Array): void
  onClose(): void
}

/** The database of the endpoint. */
export interface Backend {
  /** Runs one query on its own, or all of them inside the transaction that `begin` opens. */
  run(queries: readonly Query[], request: QueryRequest): Promise<QueryAnswer>
  /** @throws an error with an SQLSTATE when the credentials are refused */
  open(events: ChannelEvents, credentials: Credentials): Promise<Channel>
  /** Stops what a connection runs, as its client has asked for over another one. */
  cancel(processId: number, secretKey: number): void
  close(): Promise<void>
}
