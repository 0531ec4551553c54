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

/** The database end of one WebSocket, after start-up: whole protocol messages in, bytes out. */
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
  /** Runs one query on its own (`begin` is null), or all of them inside the transaction that `begin` opens. */
  run(
    queries: readonly Query[],
    request: { readonly begin: string | null; readonly user: string },
  ): Promise<QueryResult[]>
  open(events: ChannelEvents, user: string): Promise<Channel>
  close(): Promise<void>
}
