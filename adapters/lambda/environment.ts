import { within } from '../../src/core/time-limit.ts'
import { UsageError } from '../../src/runtime/index.ts'

/** In milliseconds, as for the other parts of a boot: what hangs would keep every invocation of the process waiting. */
const makeTimeout = 10_000

/** What configuration is read from, or a function that makes it. */
export type EnvironmentSource = object | (() => object | Promise<object>)

/** The environment of a function: made once, then kept for as long as the process lives. */
export class Environment {
  /** Undefined until it was made. */
  current: object | undefined
  readonly #make: () => object | Promise<object>
  readonly #onFailure: (error: unknown) => void
  #making: Promise<object> | undefined

  /** @param onFailure Called once for each attempt that fails, however many callers wait for it. */
  constructor(source: EnvironmentSource, onFailure: (error: unknown) => void) {
    // A function is an object, too, but not an environment.
    this.#make = typeof source === 'function' ? (source as () => object | Promise<object>) : () => source
    this.#onFailure = onFailure
    if (typeof source !== 'function') this.current = source
  }

  /** Rejects with what making it failed with; the next call tries again. */
  make(): Promise<object> {
    return (this.#making ??= this.#attempt())
  }

  async #attempt(): Promise<object> {
    try {
      const env: unknown = await within(this.#make(), makeTimeout, 'the call of env')
      if (typeof env === 'object' && env !== null) return (this.current = env)
      throw new UsageError('env must be an object, or a function that returns one')
    } catch (error) {
      this.#onFailure(error)
      throw error
    } finally {
      this.#making = undefined
    }
  }
}
