import { Client, type FullQueryResults, type QueryArrayConfig } from '@neondatabase/serverless'
import type { CallOptions, DriverTransaction, RowSet, Statement, TransactionOptions } from '../../contract/driver.ts'
import { QueryError } from '../../errors.ts'
import { endedError } from '../../session/connection-runner.ts'
import type { ConnectionLimit } from '../../session/connection-limit.ts'
import { transactionModes } from '../../contract/transaction-modes.ts'
import type { NeonEndpoints } from './endpoint.ts'
import { textTypes, toRowSet } from './text-results.ts'

export interface NeonSocketOptions {
  readonly url: string
  readonly endpoints: NeonEndpoints | undefined
  readonly webSocket: typeof globalThis.WebSocket | undefined
  readonly slots: ConnectionLimit
  readonly connectTimeoutMs: number
}

/** The WebSocket connections of one session: opened for the first transaction, used again, closed with the session. */
export class NeonSockets {
  readonly #options: NeonSocketOptions
  readonly #idle: NeonConnection[] = []
  readonly #open = new Set<NeonConnection>()
  /** Whoever waited for a slot until now must not connect any more: nobody would close it. */
  #closed = false

  constructor(options: NeonSocketOptions) {
    this.#options = options
  }

  async begin(options: CallOptions & { readonly transaction: TransactionOptions }): Promise<DriverTransaction> {
    const release = await this.#options.slots.acquire(options.signal)
    if (this.#closed) {
      release()
      throw endedError()
    }
    const connection = this.#idle.pop() ?? this.#connect()
    const done = (): void => {
      if (connection.usable) this.#idle.push(connection)
      else this.#open.delete(connection)
      release()
    }
    try {
      await connection.query({ text: `begin ${transactionModes(options.transaction)}`, params: [] }, options)
    } catch (error) {
      connection.drop()
      done()
      throw error
    }
    return new NeonTransaction(connection, done)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#open].map((connection) => connection.close()))
    this.#open.clear()
  }

  #connect(): NeonConnection {
    const connection = new NeonConnection(this.#options)
    this.#open.add(connection)
    return connection
  }
}

class NeonConnection {
  usable = true
  readonly #client: Client
  /** The first query travels with the start-up messages, so connecting is awaited beside it, not before it. */
  readonly #connected: Promise<void>

  constructor({ url, endpoints, webSocket, connectTimeoutMs }: NeonSocketOptions) {
    this.#client = new Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs })
    // Settings of this client only: it shares them with nobody.
    const settings = this.#client.neonConfig
    if (endpoints !== undefined) {
      settings.wsProxy = () => endpoints.webSocket
      settings.useSecureWebSocket = endpoints.secureWebSocket
    }
    if (webSocket !== undefined) settings.webSocketConstructor = webSocket
    this.#client.on('error', () => this.drop())
    this.#connected = this.#client.connect()
    this.#connected.catch(() => this.drop())
  }

  async query({ text, params }: Statement, { signal }: CallOptions): Promise<RowSet> {
    const config: QueryArrayConfig = { text, values: [...params], rowMode: 'array', types: textTypes }
    const giveUp = (): void => this.drop()
    signal?.addEventListener('abort', giveUp, { once: true })
    try {
      const query = this.#client.query(config)
      const [result] = await Promise.all([query, this.#connected])
      return toRowSet(single(result as unknown as Parameters<typeof toRowSet>[0]))
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
  }

  /** Cuts the connection; the database rolls back what was open. */
  drop(): void {
    this.usable = false
    this.#client.connection.stream.destroy()
  }

  async close(): Promise<void> {
    if (!this.usable) return
    this.usable = false
    await this.#client.end()
  }
}

class NeonTransaction implements DriverTransaction {
  readonly #connection: NeonConnection
  readonly #done: () => void

  constructor(connection: NeonConnection, done: () => void) {
    this.#connection = connection
    this.#done = done
  }

  execute(statement: Statement, options: CallOptions): Promise<RowSet> {
    return this.#connection.query(statement, options)
  }

  async commit(): Promise<void> {
    await this.#finish('commit')
  }

  async rollback(): Promise<void> {
    // A cut connection has rolled back already.
    if (this.#connection.usable) await this.#finish('rollback')
    else this.#done()
  }

  async #finish(text: string): Promise<void> {
    try {
      await this.#connection.query({ text, params: [] }, {})
    } catch (error) {
      this.#connection.drop()
      throw error
    } finally {
      this.#done()
    }
  }
}

type Result = Pick<FullQueryResults<true>, 'fields' | 'rows' | 'rowCount'>

/** Without parameters the vendor sends text that may hold several statements, and then gives several results. */
function single(result: Result | readonly Result[]): Result {
  if (!Array.isArray(result)) return result as Result
  throw new QueryError('the text holds more than one statement')
}
