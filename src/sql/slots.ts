import { PoolTimeoutError } from './errors.ts'

export type ReleaseSlot = () => void

/**
 * Lets `size` holders in at a time; others wait in order.
 *
 * @throws PoolTimeoutError from `take` when none became free within `timeoutMs`
 */
export class Slots {
  readonly #size: number
  readonly #timeoutMs: number
  readonly #waiting: (() => void)[] = []
  #taken = 0

  constructor(size: number, timeoutMs: number) {
    this.#size = size
    this.#timeoutMs = timeoutMs
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.take()
    try {
      return await work()
    } finally {
      release()
    }
  }

  async take(): Promise<ReleaseSlot> {
    if (this.#taken < this.#size) this.#taken++
    else await this.#wait()
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

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1)
        reject(
          new PoolTimeoutError(`no connection became free within ${this.#timeoutMs} ms`, {
            hint: 'Raise poolSize or poolTimeout, or end transactions sooner.',
          }),
        )
      }, this.#timeoutMs)
      const enter = (): void => {
        clearTimeout(timer)
        resolve()
      }
      this.#waiting.push(enter)
    })
  }
}
