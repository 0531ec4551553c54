import {
  connectionStates,
  type ConnectionStates,
  type CountConnections,
} from '../../../core/tracing/connection-states.ts'
import type { BeginOptions, DriverTransaction } from '../../contract/driver.ts'
import { transactionModes } from '../../contract/transaction-modes.ts'
import type { ConnectionLimit, ReleaseSlot } from '../../session/calls/connection-limit.ts'
import { endedError } from '../../session/calls/given-up.ts'
import { pipelinedTransaction } from '../../wire/pipelined-transaction.ts'
import { NeonConnection, type NeonConnectionOptions } from './connection.ts'

export interface NeonSocketsOptions extends NeonConnectionOptions {
  readonly countConnections: CountConnections | undefined
}

/** The WebSocket connections of one session: opened for the first transaction, used again, closed with the session. */
export class NeonSockets {
  readonly #options: NeonConnectionOptions
  readonly #slots: ConnectionLimit
  readonly #idle: NeonConnection[] = []
  readonly #busy = new Set<NeonConnection>()
  readonly #states: ConnectionStates | undefined
  /** A call that waited for a slot until now must not connect any more: nothing would close it. */
  #closed = false

  constructor(options: NeonSocketsOptions, slots: ConnectionLimit) {
    this.#options = options
    this.#states = connectionStates(options.countConnections)
    this.#slots = slots
  }

  async begin({ signal, span, transaction, verify = false }: BeginOptions): Promise<DriverTransaction> {
    const release = await this.#slots.acquire(signal, span)
    if (this.#closed) {
      release()
      throw endedError()
    }
    const connection = this.#takeIdle() ?? new NeonConnection(this.#options)
    this.#busy.add(connection)
    this.#states?.set(connection, 'used')
    const done = (): void => this.#return(connection, release)
    const begin = { text: `begin ${transactionModes(transaction)}`, params: [] }
    if (!verify) return pipelinedTransaction({ connection, begin, done })
    try {
      await connection.run(begin, signal)
    } catch (error) {
      connection.cut(error)
      done()
      throw error
    }
    return pipelinedTransaction({ connection, begin: undefined, done })
  }

  /** Cuts what is in use, and closes the rest. */
  async close(): Promise<void> {
    this.#closed = true
    for (const connection of this.#busy) connection.cut(endedError())
    await Promise.all(this.#idle.splice(0).map((connection) => connection.close()))
    this.#states?.endAll()
  }

  /** One that the server has not ended in the meantime. */
  #takeIdle(): NeonConnection | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.usable) return idle
      this.#states?.end(idle)
    }
    return undefined
  }

  #return(connection: NeonConnection, release: ReleaseSlot): void {
    this.#busy.delete(connection)
    this.#states?.end(connection)
    if (!connection.usable) release()
    else if (this.#closed) void connection.close().finally(release)
    else {
      this.#idle.push(connection)
      this.#states?.set(connection, 'idle')
      release()
    }
  }
}
