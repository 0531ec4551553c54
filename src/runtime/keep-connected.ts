import { within } from '../container/time-limit.ts'
import { ConnectionError, isLexigramError, UsageError } from '../errors.ts'
import type { Connectable, Connection } from './connectable.ts'

/** All times are in milliseconds. */
export interface KeepConnectedOptions {
  /**
   * A connection without a sign of life for so long is asked for one before it is used: sockets die unnoticed while
   * Lambda has frozen the process. @default 5000
   */
  readonly verifyAfter?: number
  /** How long the sign of life may take before the connection is given up for another one. @default 1000 */
  readonly pingTimeout?: number
  /** @default 10000 */
  readonly connectTimeout?: number
  /**
   * How long a command may take. What the server does with it afterwards is not known; Infinity leaves it to the
   * caller's signal. @default 30000
   */
  readonly commandTimeout?: number
  /** Closes what nobody has used for so long; the next command opens another one. @default never */
  readonly idleTimeout?: number
  /** Told of each connection that opens. */
  readonly onConnect?: (connection: Connection) => void
  /** Told when one that was given up does not close. */
  readonly onError?: (error: unknown) => void
  /** @default Date.now */
  readonly now?: () => number
}

/**
 * One connection that whoever holds it may share. It opens with the first command, is verified after a pause and after
 * a failure, and is replaced when it gives no sign of life. A command is never sent twice.
 *
 * @throws ConnectionError `LEX_ERR_INFRA_003` from `execute` and `ping` when none can be opened, TimeoutError
 * `LEX_ERR_INFRA_002` when that or a command takes too long; UsageError after `close`
 */
export function keepConnected<Command, Answer>(
  connectable: Connectable<Command, Answer>,
  options: KeepConnectedOptions = {},
): Connection<Command, Answer> {
  return new KeptConnection(connectable, options)
}

class KeptConnection<Command, Answer> implements Connection<Command, Answer> {
  readonly #connectable: Connectable<Command, Answer>
  readonly #options: KeepConnectedOptions
  readonly #now: () => number
  #current: Connection<Command, Answer> | undefined
  #checking: Promise<Connection<Command, Answer>> | undefined
  #lastSign = 0
  #failed = false
  #underWay = 0
  #idle: ReturnType<typeof setTimeout> | undefined
  #closing: Promise<void> | undefined

  constructor(connectable: Connectable<Command, Answer>, options: KeepConnectedOptions) {
    this.#connectable = connectable
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  async execute(command: Command, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted()
    const { commandTimeout = 30_000 } = this.#options
    const what = `a command to ${this.#connectable.name}`
    return this.#use((connection) => within(connection.execute(command, signal), commandTimeout, what))
  }

  ping(): Promise<void> {
    return this.#use((connection) => connection.ping())
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#end())
  }

  async #use<T>(work: (connection: Connection<Command, Answer>) => Promise<T>): Promise<T> {
    this.#underWay++
    clearTimeout(this.#idle)
    try {
      const connection = await this.#verified()
      try {
        const answer = await work(connection)
        this.#lastSign = this.#now()
        return answer
      } catch (error) {
        // The server may have refused, or be gone: the next one to use it finds out.
        this.#doubt(connection)
        throw error
      }
    } finally {
      this.#underWay--
      this.#awaitIdleness()
    }
  }

  #verified(): Promise<Connection<Command, Answer>> {
    if (this.#closing !== undefined) throw closed(this.#connectable.name)
    if (this.#checking !== undefined) return this.#checking
    const current = this.#current
    const fresh = !this.#failed && this.#now() - this.#lastSign < (this.#options.verifyAfter ?? 5000)
    if (current !== undefined && fresh) return Promise.resolve(current)
    return (this.#checking = this.#check(current).finally(() => (this.#checking = undefined)))
  }

  async #check(current: Connection<Command, Answer> | undefined): Promise<Connection<Command, Answer>> {
    const alive = current !== undefined && (await this.#answers(current))
    if (!alive && current !== undefined) this.#giveUp(current)
    const connection = alive ? current : await this.#open()
    this.#current = connection
    this.#failed = false
    this.#lastSign = this.#now()
    return connection
  }

  /** Has a connection verified before its next use; one that was given up already is nobody's concern. */
  #doubt(connection: Connection<Command, Answer>): void {
    if (connection === this.#current) this.#failed = true
  }

  async #answers(connection: Connection<Command, Answer>): Promise<boolean> {
    try {
      await within(connection.ping(), this.#options.pingTimeout ?? 1000, `a sign of life of ${this.#connectable.name}`)
      return true
    } catch {
      // Another connection takes its place; should that fail, it is an error.
      return false
    }
  }

  async #open(): Promise<Connection<Command, Answer>> {
    const { name } = this.#connectable
    const abort = new AbortController()
    // Also a connectable that throws at once.
    const opening = (async () => this.#connectable.connect(abort.signal))()
    try {
      const connection = await within(opening, this.#options.connectTimeout ?? 10_000, `connecting to ${name}`)
      const lost = (): void => this.#doubt(connection)
      connection.closed?.then(lost, lost)
      this.#options.onConnect?.(connection)
      return connection
    } catch (error) {
      abort.abort(error)
      opening.then(
        (late) => this.#giveUp(late),
        () => {},
      )
      if (isLexigramError(error)) throw error
      throw new ConnectionError(`${name} could not be connected to`, { cause: error })
    }
  }

  #giveUp(connection: Connection<Command, Answer>): void {
    if (connection === this.#current) this.#current = undefined
    connection.close().catch((error: unknown) => this.#options.onError?.(error))
  }

  #awaitIdleness(): void {
    const { idleTimeout } = this.#options
    if (idleTimeout === undefined || this.#underWay > 0) return
    this.#idle = setTimeout(() => {
      if (this.#current !== undefined) this.#giveUp(this.#current)
    }, idleTimeout)
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle)
    const connection = (await this.#checking?.catch(() => undefined)) ?? this.#current
    this.#current = undefined
    await connection?.close()
  }
}

function closed(name: string): UsageError {
  return new UsageError(`the connection to ${name} is closed`, {
    hint: 'Use it before its scope has ended, or before the application has shut down.',
  })
}
