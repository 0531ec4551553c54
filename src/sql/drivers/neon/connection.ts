import { Client } from '@neondatabase/serverless'
import { TimeoutError } from '../../../core/errors.ts'
import { within } from '../../../core/time-limit.ts'
import type { Statement } from '../../contract/driver.ts'
import type { TaggedRows } from '../../contract/tagged-rows.ts'
import { hasSqlState, PipelineQuery } from '../../wire/pipeline-query.ts'
import type { PipeliningConnection } from '../../wire/pipelined-transaction.ts'
import type { NeonEndpoints } from './endpoint.ts'

export interface NeonConnectionOptions {
  readonly url: string
  readonly endpoints: NeonEndpoints | undefined
  readonly webSocket: typeof globalThis.WebSocket | undefined
  readonly connectTimeoutMs: number
  /** Most bytes of an answer. */
  readonly maxAnswerBytes: number
}

/** How long a server may take to close a connection that is not in use, in milliseconds. */
const closeGraceMs = 1_000

/** One WebSocket connection to the database. */
export class NeonConnection implements PipeliningConnection {
  readonly #client: Client
  readonly #maxAnswerBytes: number
  /** Those that the server has not answered to their end. */
  readonly #underway = new Set<PipelineQuery>()
  #lost: { readonly reason: unknown } | undefined
  #isClosing = false

  constructor({ url, endpoints, webSocket, connectTimeoutMs, maxAnswerBytes }: NeonConnectionOptions) {
    this.#maxAnswerBytes = maxAnswerBytes
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
    // The first query is sent with the start-up messages, so that nothing waits for the connection before.
    this.#client.connect().catch((error: unknown) => this.cut(error))
  }

  get usable(): boolean {
    return this.#lost === undefined && !this.#isClosing
  }

  /**
   * Sends statements in one message; what follows one that fails is skipped. Cuts the connection when a signal fires.
   *
   * @returns one promise for each, which rejects with what the server refused it with, or how it was lost
   */
  send(statements: readonly Statement[], signals: readonly AbortSignal[]): readonly Promise<TaggedRows>[] {
    if (signals.some(({ aborted }) => aborted)) {
      const error = new TimeoutError('the call cannot be sent: it was aborted')
      return statements.map(() => Promise.reject(error))
    }
    const stop = (): void => this.cut(new Error('the answer was too large'))
    const query = new PipelineQuery(statements, {
      maxBytes: this.#maxAnswerBytes,
      // The vendor has no way to ask the server.
      stop: async () => stop(),
      cut: stop,
    })
    if (this.#lost !== undefined) {
      query.handleError(this.#lost.reason)
      return query.answers
    }
    const giveUp = (): void => this.cut(new Error('the call was given up'))
    for (const signal of signals) signal.addEventListener('abort', giveUp, { once: true })
    this.#underway.add(query)
    const end = (): void => {
      this.#underway.delete(query)
      for (const signal of signals) signal.removeEventListener('abort', giveUp)
    }
    Promise.all(query.answers).then(end, (error: unknown) => {
      end()
      // What is not the server's word on a statement leaves the rest of the conversation unknown.
      if (!hasSqlState(error)) this.cut(error)
    })
    this.#client.query(query)
    return query.answers
  }

  /** Sends one statement. */
  async run(statement: Statement, signal: AbortSignal): Promise<TaggedRows> {
    const [rows] = await Promise.all(this.send([statement], [signal]))
    // One answer for one statement.
    return rows as TaggedRows
  }

  /** Closes the connection without waiting for the server, which then rolls back what was open. */
  cut(reason: unknown): void {
    if (this.#lost !== undefined) return
    this.#lost = { reason }
    for (const query of this.#underway) query.handleError(reason)
    this.#client.connection.stream.destroy()
    this.#terminate()
  }

  /** Says goodbye, and cuts the connection when the server does not answer that. */
  async close(): Promise<void> {
    if (!this.usable) return
    const ended = this.#client.end()
    this.#isClosing = true
    await within(ended, closeGraceMs, 'the end of a connection').catch(() => this.#terminate())
  }

  /** Where a WebSocket can, it is ended without a closing handshake: a peer that is gone would never answer it. */
  #terminate(): void {
    const { ws } = this.#client.connection.stream as { readonly ws?: { terminate?: () => void } | null }
    ws?.terminate?.()
  }
}
