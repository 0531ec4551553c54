import { Client } from '@neondatabase/serverless'
import { within } from '../../../core/time-limit.ts'
import type { CallOptions, Statement } from '../../contract/driver.ts'
import type { TaggedRows } from '../../contract/tagged-rows.ts'
import type { NeonEndpoints } from './endpoint.ts'
import { TextQuery } from './text-query.ts'

export interface NeonConnectionOptions {
  readonly url: string
  readonly endpoints: NeonEndpoints | undefined
  readonly webSocket: typeof globalThis.WebSocket | undefined
  readonly connectTimeoutMs: number
}

/** How long a server may take to close a connection that is not in use, in milliseconds. */
const closeGraceMs = 1_000

/** One WebSocket connection to the database. */
export class NeonConnection {
  usable = true
  readonly #client: Client
  /** The first query travels with the start-up messages, so connecting is awaited beside it, not before it. */
  readonly #connected: Promise<void>
  /** Rejects when the connection is cut. */
  readonly #lost: Promise<never>
  #lose: (reason: unknown) => void = () => {}

  constructor({ url, endpoints, webSocket, connectTimeoutMs }: NeonConnectionOptions) {
    this.#lost = new Promise((_, reject) => {
      this.#lose = reject
    })
    this.#lost.catch(() => undefined)
    this.#client = new Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs })
    // Settings of this client only.
    const settings = this.#client.neonConfig
    if (endpoints !== undefined) {
      settings.wsProxy = () => endpoints.webSocket
      settings.useSecureWebSocket = endpoints.secureWebSocket
    }
    if (webSocket !== undefined) settings.webSocketConstructor = webSocket
    this.#client.on('error', (error) => this.cut(error))
    this.#client.on('end', () => this.cut(new Error('the connection was closed')))
    this.#connected = this.#client.connect()
    this.#connected.catch((error: unknown) => this.cut(error))
  }

  /** Cuts the connection when the signal fires. @throws whatever the server refused with, or how it was lost */
  async query(statement: Statement, { signal }: CallOptions): Promise<TaggedRows> {
    const giveUp = (): void => this.cut(new Error('the call was given up'))
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp)
    try {
      if (!this.usable) return await this.#lost
      const { answer } = this.#client.query(new TextQuery(statement))
      answer.catch(() => undefined)
      const [rows] = await Promise.race([Promise.all([answer, this.#connected]), this.#lost])
      return rows
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  /** Closes the connection without waiting for the server, which then rolls back what was open. */
  cut(reason: unknown): void {
    if (!this.usable) return
    this.usable = false
    this.#lose(reason)
    this.#client.connection.stream.destroy()
    this.#terminate()
  }

  /** Says goodbye, and cuts the connection when the server does not answer that. */
  async close(): Promise<void> {
    if (!this.usable) return
    const ended = this.#client.end()
    this.usable = false
    await within(ended, closeGraceMs, 'the end of a connection').catch(() => this.#terminate())
  }

  /** Where a WebSocket can, it is ended without a closing handshake: a peer that is gone would never answer it. */
  #terminate(): void {
    const { ws } = this.#client.connection.stream as { readonly ws?: { terminate?: () => void } | null }
    ws?.terminate?.()
  }
}
