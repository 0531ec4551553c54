import { assertEnvironment } from '../../core/assert-argument.ts'
import type { RuntimeTraits } from '../provider.ts'
import type { ApplicationOptions } from '../application-options.ts'
import type { Underway } from '../invocation/execution-context.ts'
import type { RunningApplication } from './running-application.ts'

interface State {
  running: RunningApplication | undefined
  booting: Booting | undefined
}

interface Booting {
  readonly running: Promise<RunningApplication>
  isReported: boolean
}

/** An application and what it has booted. */
export interface ServedApplication {
  readonly options: ApplicationOptions
  readonly cache: ApplicationCache
  /** What requests do, with their contexts. */
  readonly underway: Underway
}

/** Called with what a boot failed with. */
type Report = (error: unknown) => void

interface BootRequest {
  readonly env: object
  readonly runtime: RuntimeTraits
  readonly report: Report | undefined
}

/**
 * One running application per environment object. A failed boot is forgotten, so that the next request tries again.
 *
 * Where requests may share I/O, concurrent first requests share one boot. Where they may not, each boots on its own
 * until one boot has settled; that one is kept and the others are shut down.
 */
export class ApplicationCache {
  readonly #boot: (env: object, runtime: RuntimeTraits) => Promise<RunningApplication>
  readonly #states = new WeakMap<object, State>()

  constructor(boot: (env: object, runtime: RuntimeTraits) => Promise<RunningApplication>) {
    this.#boot = boot
  }

  /** The application if it has booted already: the path of all requests but the first. */
  peek(env: object): RunningApplication | undefined {
    return this.#states.get(env)?.running
  }

  /** Boots if need be. A failed boot is reported once, to the first of the callers that wait for it and have a `report`. */
  async get(env: object, runtime: RuntimeTraits, report?: Report): Promise<RunningApplication> {
    try {
      assertEnvironment(env)
    } catch (error) {
      report?.(error)
      throw error
    }
    let state = this.#states.get(env)
    if (state === undefined) this.#states.set(env, (state = { running: undefined, booting: undefined }))
    if (state.running !== undefined) return state.running
    const boot = { env, runtime, report }
    return runtime.sharesPending ? this.#shared(state, boot) : this.#alone(state, boot)
  }

  /** Shuts down what runs for the environment, an unfinished boot included, and forgets it. */
  async stop(env: object): Promise<void> {
    const state = this.#states.get(env)
    this.#states.delete(env)
    const running = state?.running ?? (await state?.booting?.running.catch(() => undefined))
    await running?.shutdown()
  }

  async #shared(state: State, { env, runtime, report }: BootRequest): Promise<RunningApplication> {
    const booting = (state.booting ??= { running: this.#boot(env, runtime), isReported: false })
    try {
      return (state.running = await booting.running)
    } catch (error) {
      if (report !== undefined && !booting.isReported) {
        booting.isReported = true
        report(error)
      }
      throw error
    } finally {
      if (state.booting === booting) state.booting = undefined
    }
  }

  async #alone(state: State, { env, runtime, report }: BootRequest): Promise<RunningApplication> {
    const mine = await this.#boot(env, runtime).catch((error: unknown) => {
      report?.(error)
      throw error
    })
    const stopped = this.#states.get(env) !== state
    if (state.running === undefined && !stopped) return (state.running = mine)
    await mine.shutdown()
    return (stopped ? undefined : state.running) ?? this.get(env, runtime, report)
  }
}
