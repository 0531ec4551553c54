import { TimeoutError } from '../errors.ts'
import type { Registration } from './registration.ts'

/** One instance that a scope made and has to release. */
export interface MadeInstance {
  readonly registration: Registration
  readonly instance: unknown
}

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
 * `timeout` does not stop the others; all failures arrive in one `AggregateError`. Gives no promise when no disposer did.
 */
export function disposeAll(made: readonly MadeInstance[], options: DisposalOptions): void | Promise<void> {
  const errors: unknown[] = []
  for (let i = made.length - 1; i >= 0; i--) {
    const pending = disposeOne(made[i]!, errors)
    if (pending !== undefined) return disposeRest(made.slice(0, i + 1), pending, errors, options)
  }
  throwCollected(errors)
}

async function disposeRest(
  made: readonly MadeInstance[],
  first: PromiseLike<void>,
  errors: unknown[],
  options: DisposalOptions,
): Promise<void> {
  const limit = new TimeLimit(options.timeout)
  let pending: PromiseLike<void> | undefined = first
  for (let i = made.length - 1; i >= 0; i--) {
    if (i < made.length - 1) pending = disposeOne(made[i]!, errors)
    if (pending !== undefined) await limit.apply(pending, `the disposer of ${made[i]!.registration.token.name}`, errors)
  }
  throwCollected(errors)
}

/**
 * Waits until `before` has settled, at most the time limit, and then disposes of what `made` gives by then. What
 * `before` rejects with belongs to whoever awaits it, except for the errors of child scopes, which are collected.
 */
export async function disposeAfter(
  before: readonly (undefined | Promise<unknown>)[],
  made: () => readonly MadeInstance[],
  options: DisposalOptions,
): Promise<void> {
  const errors: unknown[] = []
  const settled = Promise.allSettled(before.map((work) => work ?? Promise.resolve())).then((outcomes) => {
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected' && outcome.reason instanceof AggregateError) errors.push(outcome.reason)
    }
  })
  await new TimeLimit(options.timeout).apply(settled, 'work still under way', errors)
  try {
    await disposeAll(made(), options)
  } catch (error) {
    errors.push(error)
  }
  throwCollected(errors)
}

function disposeOne({ registration, instance }: MadeInstance, errors: unknown[]): PromiseLike<void> | undefined {
  const { disposal } = registration
  try {
    const result = typeof disposal === 'function' ? disposal(instance) : ownDisposer(instance)?.()
    if (result !== undefined && result !== null && typeof result.then === 'function') return result
  } catch (error) {
    errors.push(error)
  }
  return undefined
}

function throwCollected(errors: readonly unknown[]): void {
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} disposer(s) failed`)
}

/** One timer at a time for a whole scope end, armed only while something is pending. */
class TimeLimit {
  readonly #ms: number

  constructor(ms: number) {
    this.#ms = ms
  }

  /** Waits for `pending`, at most the limit; a failure or an expiry is added to `errors`. */
  apply(pending: PromiseLike<void>, what: string, errors: unknown[]): Promise<void> {
    return new Promise((resolve) => {
      const fail = (error: unknown): void => {
        errors.push(error)
        done()
      }
      const timer = setTimeout(() => fail(new TimeoutError(`${what} did not end within ${this.#ms} ms`)), this.#ms)
      const done = (): void => {
        clearTimeout(timer)
        resolve()
      }
      pending.then(done, fail)
    })
  }
}
