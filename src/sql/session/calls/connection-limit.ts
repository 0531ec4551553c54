import { TimeoutError } from '../../../core/errors.ts'
import type { Span } from '../../../core/tracing/tracer.ts'
import { PoolTimeoutError } from '../../errors.ts'
import { noteFree, waitInSpan } from './traced-wait.ts'

export type ReleaseSlot = () => void

/** Lets `size` holders in at a time; others wait in order, at most `timeoutMs` milliseconds. */
export class ConnectionLimit {
  readonly #size: number
  readonly #timeoutMs: number
  readonly #pool: string | undefined
  readonly #waiting: (() => void)[] = []
  #taken = 0

  /** @param pool the name of the database in traces; undefined for the only one */
  constructor(size: number, timeoutMs: number, pool?: string) {
    this.#size = size
    this.#timeoutMs = timeoutMs
    this.#pool = pool
  }

  /** Whether a holder would come in at once. */
  get isFree(): boolean {
    return this.#taken < this.#size
  }

  /** Runs `work` as a holder. @throws as `acquire` does */
  async use<T>(work: () => Promise<T>, signal?: AbortSignal, span?: Span): Promise<T> {
    const release = await this.acquire(signal, span)
    try {
      return await work()
    } finally {
      release()
    }
  }

  /**
   * @param span what a wait is traced as a part of. @default it is not traced
   * @throws PoolTimeoutError when none became free in time
   * @throws TimeoutError when the signal fires before one is free
   */
  async acquire(signal?: AbortSignal, span?: Span): Promise<ReleaseSlot> {
    if (signal?.aborted === true) throw leftError(signal)
    if (this.isFree) {
      this.#taken++
      if (span !== undefined) noteFree(span, this.#pool)
    } else await (span === undefined ? this.#wait(signal) : this.#waitInSpan(span, signal))
    let released = false
    return () => {
      if (released) return
      released = true
      const next = this.#waiting.shift()
      // The slot passes on without being counted down, so that no newcomer overtakes those that wait.
      if (next === undefined) this.#taken--
      else next()
    }
  }

  /** Apart, so that what it captures is allocated for traced calls only. */
  #waitInSpan(span: Span, signal: AbortSignal | undefined): Promise<void> {
    return waitInSpan(span, this.#pool, () => this.#wait(signal))
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', giveUp)
      }
      const leave = (error: unknown): void => {
        stop()
        this.#waiting.splice(this.#waiting.indexOf(enter), 1)
        reject(error)
      }
      const enter = (): void => {
        stop()
        resolve()
      }
      const giveUp = (): void => leave(leftError(signal))
      const timer = setTimeout(() => leave(timeoutError(this.#timeoutMs)), this.#timeoutMs)
      signal?.addEventListener('abort', giveUp)
      this.#waiting.push(enter)
    })
  }
}

function leftError(signal: AbortSignal | undefined): TimeoutError {
  return new TimeoutError('the call cannot continue: it was aborted while it waited for a connection', {
    cause: signal?.reason,
  })
}

function timeoutError(ms: number): PoolTimeoutError {
  return new PoolTimeoutError(`a connection cannot be acquired: none became free within ${ms} ms`, {
    hint: 'Raise poolSize or poolTimeout, or end transactions sooner.',
  })
}
