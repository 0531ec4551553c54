import type { RuntimeTraits } from '../provider.ts'
import type { RunningApplication } from './running-application.ts'

interface State {
  running: RunningApplication | undefined
  booting: Promise<RunningApplication> | undefined
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

  async get(env: object, runtime: RuntimeTraits): Promise<RunningApplication> {
    let state = this.#states.get(env)
    if (state === undefined) this.#states.set(env, (state = { running: undefined, booting: undefined }))
    if (state.running !== undefined) return state.running
    return runtime.sharesPending ? this.#shared(state, env, runtime) : this.#alone(state, env, runtime)
  }

  /** Shuts down what runs for the environment, a boot under way included, and forgets it. */
  async stop(env: object): Promise<void> {
    const state = this.#states.get(env)
    this.#states.delete(env)
    const running = state?.running ?? (await state?.booting?.catch(() => undefined))
    await running?.shutdown()
  }

  async #shared(state: State, env: object, runtime: RuntimeTraits): Promise<RunningApplication> {
    state.booting ??= this.#boot(env, runtime)
    try {
      return (state.running = await state.booting)
    } finally {
      state.booting = undefined
    }
  }

  async #alone(state: State, env: object, runtime: RuntimeTraits): Promise<RunningApplication> {
    const mine = await this.#boot(env, runtime)
    const stopped = this.#states.get(env) !== state
    if (state.running === undefined && !stopped) return (state.running = mine)
    await mine.shutdown()
    return (stopped ? undefined : state.running) ?? this.get(env, runtime)
  }
}
