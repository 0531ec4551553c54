import type { ClientConfig, Pool, PoolClient } from 'pg'
import { TimeoutError } from '../../../core/errors.ts'
import { within } from '../../../core/time-limit.ts'
import {
  connectionStates,
  type ConnectionStates,
  type CountConnections,
} from '../../../core/tracing/connection-states.ts'
import { ConnectionLimit } from '../../session/calls/connection-limit.ts'
import { endedError } from '../../session/calls/given-up.ts'
import { toSqlError } from '../../session/calls/sql-state.ts'
import { createCancel } from './cancel.ts'
import { bindingClient, type ChannelBinding } from './channel-binding.ts'
import { PostgresConnection, type ConnectionOptions } from './connection.ts'
import type { Vendor } from './vendor.ts'

export interface PoolOptions {
  readonly client: ClientConfig
  /** Most connections that are open at a time. */
  readonly size: number
  /** Longest wait for one of them, in milliseconds. */
  readonly timeoutMs: number
  /** Longest time for one to open, in milliseconds. */
  readonly connectTimeoutMs: number
  /** Most bytes of an answer. */
  readonly maxAnswerBytes: number
  /** Whether several sessions use a connection one after another, so that it is kept while it is unused. */
  readonly shared: boolean
  /** How long it is kept, in milliseconds. */
  readonly idleTimeoutMs: number
  /** How old it may become, in milliseconds. */
  readonly maxLifetimeMs: number
  /** A connection that was unused for so long is pinged first; in milliseconds. */
  readonly verifyAfterMs: number
  readonly countConnections: CountConnections | undefined
  readonly channelBinding: ChannelBinding
  /** The name of the database in traces; undefined for the only one. */
  readonly name: string | undefined
}

/** A connection for the time of one call or transaction. */
export interface Lease {
  readonly connection: PostgresConnection
  /** Returns it to the pool. Idempotent. */
  end(): void
}

/** How long a ping may take before another connection takes its place, in milliseconds. */
const pingLimitMs = 1_000

/** How long a connection may take to open where a caller cannot wait for another's, in milliseconds. */
const connectLimitMs = 10_000

/** How long a connection may take to forget what a statement has left in it, or to say goodbye; in milliseconds. */
const graceMs = 1_000

/** The connections of one application, or of one session where sockets die with their request. */
export class PostgresPool {
  /** The vendor's, for platforms that watch pools. */
  readonly vendor: Pool
  readonly #options: PoolOptions
  readonly #slots: ConnectionLimit
  readonly #connectionOptions: ConnectionOptions
  readonly #leased = new Set<PostgresConnection>()
  /** When a client has last had an answer. A clock that stood still while the process was frozen has moved on since. */
  readonly #lastUse = new WeakMap<PoolClient, number>()
  readonly #states: ConnectionStates | undefined
  #closing: Promise<void> | undefined

  constructor(pg: Vendor, options: PoolOptions) {
    const { client, size, timeoutMs, shared } = options
    this.#options = options
    this.#slots = new ConnectionLimit(size, timeoutMs, options.name)
    this.#connectionOptions = { cancel: createCancel(pg, client), maxAnswerBytes: options.maxAnswerBytes }
    this.vendor = new pg.Pool({
      ...client,
      Client: bindingClient(pg, options.channelBinding),
      max: size,
      connectionTimeoutMillis: options.connectTimeoutMs === 0 ? connectLimitMs : options.connectTimeoutMs,
      // Timers of the vendor's that keep no process alive, which one session has no use for.
      ...(shared && {
        idleTimeoutMillis: options.idleTimeoutMs,
        maxLifetimeSeconds: options.maxLifetimeMs / 1000,
        allowExitOnIdle: true,
      }),
    })
    // The pool replaces a client that dies while it is unused.
    this.vendor.on('error', () => undefined)
    this.vendor.on('connect', (connected) => this.#lastUse.set(connected, Date.now()))
    this.#states = connectionStates(options.countConnections)
    if (this.#states !== undefined) followPool(this.vendor, this.#states)
  }

  /** Whether a lease would get an idle connection at once. */
  get isReady(): boolean {
    return this.#slots.isFree && this.vendor.idleCount > 0
  }

  /**
   * A connection that answers: one that was unused for a while has been asked.
   *
   * @throws LexigramError always: nothing was sent. PoolTimeoutError when none became free in time, TimeoutError when the
   * signal fired before
   */
  async lease(signal: AbortSignal): Promise<Lease> {
    if (this.#closing !== undefined) throw endedError()
    const free = await this.#slots.acquire(signal)
    try {
      for (;;) {
        const client = await this.#connect(signal)
        const silence = Date.now() - (this.#lastUse.get(client) ?? 0)
        const connection = new PostgresConnection(client, this.#connectionOptions)
        // A clock that was set back proves nothing.
        const isFresh = silence >= 0 && silence < this.#options.verifyAfterMs
        if (isFresh || (await connection.answers(pingLimitMs))) return this.#toLease(client, connection, free)
        connection.release()
      }
    } catch (error) {
      free()
      throw toSqlError(error)
    }
  }

  /** Cuts what is in use, and closes the rest, within a bounded time. Idempotent. */
  close(): Promise<void> {
    for (const connection of this.#leased) connection.cut(endedError())
    return (this.#closing ??= within(this.vendor.end(), graceMs, 'the end of a pool')
      .catch(() => undefined)
      .then(() => this.#states?.endAll()))
  }

  /** The vendor knows no signals: a client that comes too late goes back unused. */
  #connect(signal: AbortSignal): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      let left = false
      const leave = (): void => {
        left = true
        reject(new TimeoutError('the call cannot continue: it was aborted while it waited for a connection'))
      }
      if (signal.aborted) return leave()
      signal.addEventListener('abort', leave, { once: true })
      this.vendor.connect().then(
        (client) => {
          signal.removeEventListener('abort', leave)
          if (left || this.#closing !== undefined) client.release()
          if (this.#closing !== undefined) reject(endedError())
          else resolve(client)
        },
        (error: unknown) => {
          signal.removeEventListener('abort', leave)
          reject(error)
        },
      )
    })
  }

  #toLease(client: PoolClient, connection: PostgresConnection, free: () => void): Lease {
    this.#leased.add(connection)
    let over = false
    return {
      connection,
      end: () => {
        if (over) return
        over = true
        void this.#forget(connection).then(() => {
          this.#leased.delete(connection)
          this.#lastUse.set(client, Date.now())
          connection.release()
          free()
        })
      },
    }
  }

  /** Only the next user of the connection waits for it. */
  async #forget(connection: PostgresConnection): Promise<void> {
    if (!this.#options.shared) return
    if (!connection.stateful || !connection.reusable) return
    const limit = AbortSignal.timeout(graceMs)
    await connection.run({ text: 'discard all', params: [] }, limit).catch((error: unknown) => connection.cut(error))
  }
}

function followPool(pool: Pool, states: ConnectionStates): void {
  pool.on('connect', (client) => states.set(client, 'idle'))
  pool.on('acquire', (client) => states.set(client, 'used'))
  pool.on('release', (_error, client) => states.set(client, 'idle'))
  pool.on('remove', (client) => states.end(client))
}
