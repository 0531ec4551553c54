import { TimeoutError } from '../errors.ts'
import type { Registration } from './registration.ts'

/** What a scope made and has to release: registration, instance, registration, instance, … in creation order. */
export type Made = (Registration | unknown)[]

export interface DisposalOptions {
  /** How long one disposer may take, in milliseconds. */
  readonly timeout: number
}

/** The instance's own disposer, bound, or undefined. */
export function ownDisposer(instance: unknown): (() => void | PromiseLike<void>) | undefined {
  if (typeof instance !== 'object' || instance === null) return undefined
  const candidate = instance as { [Symbol.asyncDispose]?: () => PromiseLike<void>; [Symbol.dispose]?: () => void }
  const dispose = candidate[Symbol.asyncDispose] ?? candidate[Symbol.dispose]
  return typeof dispose === 'function' ? dispose.bind(instance) : undefined
}

/**
 * Calls the disposers in reverse creation order, one after the other. A disposer that throws, rejects or outlasts
 * `timeout` does not stop the others; all failures arrive in one `AggregateError`. Returns without a promise when no
 * disposer gave one.
 */
export function disposeAll(made: Made, options: DisposalOptions): void | Promise<void> {
  const errors: unknown[] = []
  for (let i = made.length - 2; i >= 0; i -= 2) {
    const pending = disposeOne(made[i] as Registration, made[i + 1], errors)
    if (pending !== undefined) return disposeRest(made, i, pending, errors, options.timeout)
  }
  if (errors.length > 0) throw disposalError(errors)
}

async function disposeRest(
  made: Made,
  from: number,
  first: PromiseLike<void>,
  errors: unknown[],
  timeout: number,
): Promise<void> {
  const clock = new Countdown(timeout)
  let pending: PromiseLike<void> | undefined = first
  for (let i = from; i >= 0; i -= 2) {
    if (i !== from) pending = disposeOne(made[i] as Registration, made[i + 1], errors)
    if (pending === undefined) continue
    try {
      await clock.race(pending, (made[i] as Registration).token.name)
    } catch (error) {
      errors.push(error)
    }
  }
  clock.stop()
  if (errors.length > 0) throw disposalError(errors)
}

/**
 * Waits until `before` has settled, at most the time limit, and then disposes of what `made` gives by then. What
 * `before` rejects with belongs to whoever awaits it, except for the errors of child scopes, which are collected.
 */
export async function disposeAfter(
  before: readonly (void | Promise<unknown>)[],
  made: () => Made,
  options: DisposalOptions,
): Promise<void> {
  const clock = new Countdown(options.timeout)
  const errors: unknown[] = []
  const settled = Promise.allSettled(before).then((outcomes) => {
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected' && outcome.reason instanceof AggregateError) errors.push(outcome.reason)
    }
  })
  await clock.race(settled, 'work still under way').catch((error: unknown) => errors.push(error))
  clock.stop()
  try {
    await disposeAll(made(), options)
  } catch (error) {
    errors.push(error)
  }
  if (errors.length > 0) throw disposalError(errors)
}

function disposeOne(registration: Registration, instance: unknown, errors: unknown[]): PromiseLike<void> | undefined {
  const { disposal } = registration
  try {
    const result = typeof disposal === 'function' ? disposal(instance) : ownDisposer(instance)?.()
    if (result !== undefined && result !== null && typeof result.then === 'function') return result
  } catch (error) {
    errors.push(error)
  }
  return undefined
}

function disposalError(errors: unknown[]): AggregateError {
  return new AggregateError(errors, `${errors.length} disposer(s) failed`)
}

/** One timer for a whole scope end, armed only while a disposer is pending and moved on from one to the next. */
class Countdown {
  readonly #timeout: number
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(timeout: number) {
    this.#timeout = timeout
  }

  race(pending: PromiseLike<void>, name: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stop()
      this.#timer = setTimeout(() => {
        reject(new TimeoutError(`the disposer of ${name} did not end within ${this.#timeout} ms`))
      }, this.#timeout)
      pending.then(() => resolve(), reject)
    })
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
