import type { MongoClient } from 'mongodb'
import { NoSQLConnectionError } from '../../../errors.ts'
import { createClient, type ClientSettings } from './client.ts'
import type { CountConnections } from '../../../../core/tracing/connection-states.ts'
import { connectError } from '../errors.ts'
import { holdClient, type HeldClient } from './held-client.ts'

/** The client of one store. */
export interface Transport {
  /** @throws NoSQLConnectionError; UsageError for options that cannot be used */
  connect(): Promise<void>
  /** Ends within a bound, also where the server does not answer. */
  close(): Promise<void>
  /**
   * The client to use now. One that has been silent for a while is pinged first, and replaced when it does not
   * answer: while Lambda has frozen a process, its sockets die unnoticed.
   *
   * @throws NoSQLConnectionError also before `connect`
   */
  current(): HeldClient | Promise<HeldClient>
  /** Undefined before `connect`. */
  readonly native: MongoClient | undefined
}

export interface TransportOptions extends ClientSettings {
  readonly database: string | undefined
  readonly countConnections: CountConnections | undefined
}

/** In milliseconds. */
const verifyAfter = 5000

export function openTransport(options: TransportOptions): Transport {
  const { database = options.config.database } = options
  const open = new Set<HeldClient>()
  let current: HeldClient | undefined
  let checking: Promise<HeldClient> | undefined
  let isClosed = false

  const connect = async (): Promise<HeldClient> => {
    const client = await createClient(options)
    const held = holdClient(client, { database, countConnections: options.countConnections })
    try {
      options.runtime?.attachPool?.(client)
      await client.connect()
    } catch (error) {
      await held.close()
      throw connectError(error)
    }
    open.add(held)
    return held
  }
  const verify = async (held: HeldClient): Promise<HeldClient> => {
    if (await held.isAlive()) return held
    const next = await connect()
    if (isClosed) {
      await next.close()
      throw notConnected()
    }
    current = next
    held.retire(() => open.delete(held))
    return next
  }
  return {
    async connect() {
      isClosed = false
      current = await connect()
    },
    async close() {
      isClosed = true
      current = undefined
      const closing = [...open]
      open.clear()
      await Promise.all(closing.map((held) => held.close()))
    },
    current() {
      if (checking !== undefined) return checking
      if (current === undefined) throw notConnected()
      const silence = Date.now() - current.lastSign()
      if (silence >= 0 && silence < verifyAfter) return current
      checking = verify(current).finally(() => (checking = undefined))
      return checking
    },
    get native() {
      return current?.client
    },
  }
}

function notConnected(): NoSQLConnectionError {
  return new NoSQLConnectionError('the MongoDB client must be connected')
}
