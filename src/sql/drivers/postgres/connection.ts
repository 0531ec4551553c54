import type { PoolClient } from 'pg'
import { TimeoutError } from '../../../core/errors.ts'
import { within } from '../../../core/time-limit.ts'
import type { Statement } from '../../contract/driver.ts'
import { AnswerTooLargeError } from '../../errors.ts'
import type { TaggedRows } from '../../contract/tagged-rows.ts'
import { leavesState } from '../../contract/leaves-state.ts'
import { hasSqlState, PipelineQuery } from '../../wire/pipeline-query.ts'

/** How long the server may take to answer what was cancelled, in milliseconds: less than a session waits for its driver. */
const cancelGraceMs = 150

/** Asks the server, over another connection, to stop what this client runs. Never rejects. */
export type Cancel = (client: PoolClient) => Promise<void>

export interface ConnectionOptions {
  readonly cancel: Cancel
  /** Most bytes of an answer. */
  readonly maxAnswerBytes: number
}

/** How long the server may take to stop an answer that is too large; in milliseconds. */
const stopGraceMs = 2_000

/** A client of the pool, while a session uses it. */
export class PostgresConnection {
  /** False when it is to be closed instead of used again. */
  reusable = true
  /** True when a statement may have left something in the server's session that the next user must not find. */
  stateful = false
  readonly #client: PoolClient
  readonly #cancel: Cancel
  readonly #maxAnswerBytes: number
  readonly #onError = (error: Error): void => this.cut(error)
  /** Those that the server has not answered to their end. */
  readonly #underway = new Set<PipelineQuery>()
  #lost: { readonly reason: unknown } | undefined

  constructor(client: PoolClient, { cancel, maxAnswerBytes }: ConnectionOptions) {
    this.#client = client
    this.#cancel = cancel
    this.#maxAnswerBytes = maxAnswerBytes
    client.on('error', this.#onError)
  }

  get usable(): boolean {
    return this.#lost === undefined
  }

  /**
   * Sends statements in one message; what follows one that fails is skipped. When a signal fires, the server is asked to
   * stop, and the connection is cut when it does not answer that soon.
   *
   * @returns one promise for each, which rejects with what the server refused it with, or how it was lost
   */
  send(statements: readonly Statement[], signals: readonly AbortSignal[]): readonly Promise<TaggedRows>[] {
    if (signals.some(({ aborted }) => aborted)) {
      const error = new TimeoutError('the call cannot be sent: it was aborted')
      return statements.map(() => Promise.reject(error))
    }
    this.stateful ||= statements.some(leavesState)
    const query = this.#query(statements)
    const giveUp = (): void => void this.#giveUp(query)
    for (const signal of signals) signal.addEventListener('abort', giveUp, { once: true })
    void Promise.allSettled(query.answers).then(() => {
      for (const signal of signals) signal.removeEventListener('abort', giveUp)
    })
    return query.answers
  }

  /** Sends one statement. */
  async run(statement: Statement, signal: AbortSignal): Promise<TaggedRows> {
    const [rows] = await Promise.all(this.send([statement], [signal]))
    // One answer for one statement.
    return rows as TaggedRows
  }

  /** Whether the server answers in time; a connection that was left alone may be dead without anyone knowing. */
  async answers(ms: number): Promise<boolean> {
    try {
      await within(this.#query([]).ready, ms, 'a ping of the database')
      return true
    } catch (error) {
      this.cut(error)
      return false
    }
  }

  /** Closes the connection without waiting for the server, which then rolls back what is open. */
  cut(reason: unknown): void {
    if (this.#lost !== undefined) return
    this.#lost = { reason }
    this.reusable = false
    for (const query of this.#underway) query.handleError(reason)
    this.#client.connection.stream.destroy()
  }

  /** Returns the client to its pool, or closes it. */
  release(): void {
    this.#client.removeListener('error', this.#onError)
    // From here on the pool listens. A client that is closing may still fail; no caller waits for it.
    if (!this.reusable) this.#client.on('error', () => undefined)
    this.#client.release(!this.reusable)
  }

  #query(statements: readonly Statement[]): PipelineQuery {
    const query = new PipelineQuery(statements, {
      maxBytes: this.#maxAnswerBytes,
      stop: () => this.#stopAnswer(query),
      cut: () => this.cut(new Error('the server did not stop its answer')),
    })
    if (this.#lost !== undefined) {
      query.handleError(this.#lost.reason)
      return query
    }
    this.#underway.add(query)
    const end = (): void => void this.#underway.delete(query)
    Promise.all([query.ready, ...query.answers]).then(end, (error: unknown) => {
      end()
      // After an error that is not the server's answer to a statement, the state of the connection is unknown.
      if (!hasSqlState(error) && !isOutcomeKnown(error)) this.cut(error)
    })
    this.#client.query(query)
    return query
  }

  async #giveUp(query: PipelineQuery): Promise<void> {
    await this.#stop(Promise.allSettled(query.answers), cancelGraceMs)
    if (this.#underway.has(query)) this.cut(new Error('the call was given up'))
  }

  async #stopAnswer(query: PipelineQuery): Promise<void> {
    await this.#stop(query.answered, stopGraceMs)
    if (!query.isAnswered) this.cut(new Error('the server did not stop its answer'))
  }

  /** Asks the server to stop, and waits until it has, at most so long. */
  async #stop(ended: Promise<unknown>, limitMs: number): Promise<void> {
    // The request may arrive late, and stop what comes next.
    this.reusable = false
    const cancelled = this.#cancel(this.#client)
    await within(Promise.all([ended, cancelled]), limitMs, 'a cancelled statement').catch(() => undefined)
  }
}

/** Whether the server has answered for a call whose answer was too large: the connection can be used again. */
function isOutcomeKnown(error: unknown): boolean {
  return error instanceof AnswerTooLargeError && error.outcome !== 'unknown'
}
