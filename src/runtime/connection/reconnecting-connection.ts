import { settleAll } from '../../core/settle-all.ts'
import { longestTimer } from '../../core/time-limit.ts'
import { UsageError } from '../../core/errors.ts'
import type { Connectable, Connection } from './connectable.ts'
import { trackConnection, isFresh, type TrackedConnection } from './tracked-connection.ts'
import { openConnection } from './open-connection.ts'
import { waitFor, type WaitOptions } from './wait-for.ts'

/** All times are in milliseconds; Infinity is never. */
export interface KeepConnectedOptions {
  /**
   * A connection that was silent for so long is pinged before it is used: sockets die unnoticed while
   * Lambda has frozen the process. @default 5000
   */
  readonly verifyAfter?: number
  /**
   * How long the ping may take before another connection replaces this one. This one closes when its
   * commands in flight have ended. @default 1000
   */
  readonly pingTimeout?: number
  /** @default 10000 */
  readonly connectTimeout?: number
  /**
   * How long a command may take, or a `ping` that is asked for. What the server does with it afterwards is not known;
   * Infinity leaves it to the caller's signal. @default 30000
   */
  readonly commandTimeout?: number
  /** Closes a connection that was idle for so long, in milliseconds; the next command opens another one. @default never */
  readonly idleTimeout?: number
  /** Called with each connection that opens. What it throws goes to `onError`. */
  readonly onConnect?: (connection: Connection) => unknown
  /** Called when a replaced connection does not close. What it throws is dropped. @default no call */
  readonly onError?: (error: unknown) => unknown
  /** @default Date.now */
  readonly now?: () => number
}

/** What `keepConnected` makes. */
export class ReconnectingConnection<Command, Answer> implements Connection<Command, Answer> {
  readonly #connectable: Connectable<Command, Answer>
  readonly #options: KeepConnectedOptions
  readonly #now: () => number
  /** Aborts an opening in flight when it is closed. */
  readonly #end = new AbortController()
  /** Those that are not closed: the current one, and others until their commands have ended. */
  readonly #open = new Set<TrackedConnection<Command, Answer>>()
  #current: TrackedConnection<Command, Answer> | undefined
  #checking: Promise<TrackedConnection<Command, Answer>> | undefined
  #underWay = 0
  #idle: ReturnType<typeof setTimeout> | undefined
  #closing: Promise<void> | undefined

  constructor(connectable: Connectable<Command, Answer>, options: KeepConnectedOptions) {
    this.#connectable = connectable
    this.#options = options
    this.#now = options.now ?? Date.now
  }

  execute(command: Command, signal?: AbortSignal): Promise<Answer> {
    return this.#use('a command to', (connection) => connection.execute(command, signal), signal)
  }

  ping(): Promise<void> {
    return this.#use('a ping of', (connection) => connection.ping())
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#closeAll())
  }

  async #use<T>(
    verb: string,
    work: (connection: Connection<Command, Answer>) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted()
    this.#assertOpen()
    const what = `${verb} ${this.#connectable.name}`
    this.#underWay++
    clearTimeout(this.#idle)
    try {
      const held = await waitFor(this.#verified(), { what, timeout: Infinity, signal })
      signal?.throwIfAborted()
      this.#assertOpen()
      return await this.#send(held, work, { what, timeout: this.#options.commandTimeout ?? 30_000, signal })
    } finally {
      this.#underWay--
      this.#awaitIdleness()
    }
  }

  async #send<T>(
    held: TrackedConnection<Command, Answer>,
    work: (connection: Connection<Command, Answer>) => Promise<T>,
    patience: WaitOptions,
  ): Promise<T> {
    held.underWay++
    try {
      const answer = await waitFor(work(held.connection), patience)
      held.lastSign = this.#now()
      return answer
    } catch (error) {
      held.doubtful = true
      throw error
    } finally {
      held.underWay--
      this.#closeUnused(held)
    }
  }

  #verified(): Promise<TrackedConnection<Command, Answer>> {
    if (this.#checking !== undefined) return this.#checking
    const current = this.#current
    const { verifyAfter = 5000 } = this.#options
    if (current !== undefined && isFresh(current, this.#now(), verifyAfter)) return Promise.resolve(current)
    return (this.#checking = this.#check(current).finally(() => (this.#checking = undefined)))
  }

  async #check(current: TrackedConnection<Command, Answer> | undefined): Promise<TrackedConnection<Command, Answer>> {
    if (current !== undefined && (await this.#answers(current))) return current
    this.#current = undefined
    if (current !== undefined) this.#closeUnused(current)
    this.#assertOpen()
    return (this.#current = await this.#connect())
  }

  async #answers(held: TrackedConnection<Command, Answer>): Promise<boolean> {
    if (held.lost) return false
    const { pingTimeout = 1000 } = this.#options
    const what = `a ping of ${this.#connectable.name}`
    try {
      held.doubtful = false
      await waitFor(held.connection.ping(), { what, timeout: pingTimeout, signal: this.#end.signal })
      held.lastSign = this.#now()
      return !held.lost
    } catch {
      // Another connection takes its place; should that fail, it is an error.
      return false
    }
  }

  async #connect(): Promise<TrackedConnection<Command, Answer>> {
    const connection = await openConnection(this.#connectable, {
      timeout: this.#options.connectTimeout ?? 10_000,
      signal: this.#end.signal,
      late: (unwanted) => void this.#close(unwanted),
    })
    const held = trackConnection(connection, this.#now())
    this.#open.add(held)
    void this.#attempt(() => this.#options.onConnect?.(connection))
    return held
  }

  /** Closes a replaced connection, once no caller waits for its answers: what is slow there may yet come. */
  #closeUnused(held: TrackedConnection<Command, Answer>): void {
    if (held === this.#current || held.underWay > 0 || !this.#open.delete(held)) return
    void this.#close(held.connection)
  }

  #close(connection: Connection<Command, Answer>): Promise<void> {
    return this.#attempt(() => connection.close())
  }

  async #attempt(work: () => unknown): Promise<void> {
    try {
      await work()
    } catch (error) {
      try {
        await this.#options.onError?.(error)
      } catch {
        // There is no other hook to call.
      }
    }
  }

  #awaitIdleness(): void {
    const { idleTimeout = Infinity } = this.#options
    if (idleTimeout === Infinity || this.#underWay > 0 || this.#closing !== undefined) return
    this.#idle = setTimeout(
      () => {
        const idle = this.#current
        this.#current = undefined
        if (idle !== undefined) this.#closeUnused(idle)
      },
      Math.min(idleTimeout, longestTimer),
    )
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw closedError(this.#connectable.name)
  }

  async #closeAll(): Promise<void> {
    clearTimeout(this.#idle)
    this.#end.abort(closedError(this.#connectable.name))
    await this.#checking?.catch(() => {})
    const open = [...this.#open]
    this.#open.clear()
    this.#current = undefined
    const failures = await settleAll(open.map(async ({ connection }) => connection.close()))
    if (failures.length > 0) throw failures[0]
  }
}

export function closedError(name: string): UsageError {
  return new UsageError(`the connection to ${name} cannot be used: it is closed`, {
    hint: 'Use it before its scope has ended, or before the application has shut down.',
  })
}
