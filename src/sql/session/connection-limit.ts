import { PoolTimeoutError } from '../errors.ts'

export type ReleaseSlot = () => void

/**
 * Lets `size` holders in at a time; others wait in order.
 *
 * @throws PoolTimeoutError from `take` when none became free within `timeoutMs`
 */
export class ConnectionLimit {
  readonly #size: number
  readonly #timeoutMs: number
  readonly #waiting: (() => void)[] = []
  #taken = 0

  constructor(size: number, timeoutMs: number) {
    this.#size = size
    this.#timeoutMs = timeoutMs
  }

  async use<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const release = await this.acquire(signal)
    try {
      return await work()
    } finally {
      release()
    }
  }

  /** Rejects with the signal's reason when it fires before a slot is free. */
  async acquire(signal?: AbortSignal): Promise<ReleaseSlot> {
    signal?.throwIfAborted()
    if (this.#taken < this.#size) this.#taken++
    else await this.#wait(signal)
    let released = false
    return () => {
      if (released) return
      released = true
      const next = this.#waiting.shift()
      // The slot passes on without being counted down, so that nobody overtakes who waits.
      if (next === undefined) this.#taken--
      else next()
    }
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
      const giveUp = (): void => leave(signal?.reason)
      const timer = setTimeout(() => leave(timeoutError(this.#timeoutMs)), this.#timeoutMs)
      signal?.addEventListener('abort', giveUp)
      this.#waiting.push(enter)
    })
  }
}

function timeoutError(ms: number): PoolTimeoutError {
  return new PoolTimeoutError(`no connection became free within ${ms} ms`, {
    hint: 'Raise poolSize or poolTimeout, or end transactions sooner.',
  })
}
