import { TimeoutError } from '../errors.ts'
import type { Disposal } from './registration-entry.ts'

/** Whose instance is released, and how. */
export interface Owner {
  readonly token: { readonly name: string }
  readonly disposal: Disposal
}

/** Instances to release in creation order: owner and instance alternate, which spares an object for each. */
export type MadeInstances = unknown[]

export interface DisposalOptions {
  /** How long one disposer may take, in milliseconds. */
  readonly timeout: number
  /** Told of failures that have nobody left to reject to. */
  readonly onError: (error: unknown) => void
}

/** The instance's own disposer, or undefined. */
export function ownDisposer(instance: unknown): (() => void | PromiseLike<void>) | undefined {
  if (instance === null || (typeof instance !== 'object' && typeof instance !== 'function')) return undefined
  const candidate = instance as { [Symbol.asyncDispose]?: () => PromiseLike<void>; [Symbol.dispose]?: () => void }
  const dispose = candidate[Symbol.asyncDispose] ?? candidate[Symbol.dispose]
  return typeof dispose === 'function' ? dispose : undefined
}

/**
 * Calls the disposers in reverse creation order, one after the other. A disposer that throws, rejects or outlasts
 * `timeout` does not stop the others; all failures arrive in one `AggregateError`. Gives no promise when no disposer did.
 */
export function disposeAll(made: MadeInstances, options: DisposalOptions): void | Promise<void> {
  let errors: unknown[] | undefined
  for (let i = made.length - 2; i >= 0; i -= 2) {
    try {
      const pending = disposeOne(made, i)
      if (isThenable(pending)) return disposeRest(made, i, pending, { errors: errors ?? [], options })
    } catch (error) {
      ;(errors ??= []).push(error)
    }
  }
  if (errors !== undefined) throwCollected(errors)
}

interface Collected {
  readonly errors: unknown[]
  readonly options: DisposalOptions
}

async function disposeRest(
  made: MadeInstances,
  from: number,
  first: PromiseLike<void>,
  collected: Collected,
): Promise<void> {
  await within(first, nameAt(made, from), collected)
  for (let i = from - 2; i >= 0; i -= 2) {
    try {
      const pending = disposeOne(made, i)
      if (isThenable(pending)) await within(pending, nameAt(made, i), collected)
    } catch (error) {
      collected.errors.push(error)
    }
  }
  throwCollected(collected.errors)
}

/**
 * Waits until `before` has settled, at most the time limit, and then disposes of what `made` gives by then. What
 * `before` rejects with belongs to whoever awaits it, except for the errors of child scopes, which are collected.
 */
export async function disposeAfter(
  before: readonly Promise<unknown>[],
  made: () => MadeInstances,
  options: DisposalOptions,
): Promise<void> {
  const errors: unknown[] = []
  const settled = Promise.allSettled(before).then((outcomes) => {
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected' && outcome.reason instanceof AggregateError) errors.push(outcome.reason)
    }
  })
  await within(settled, 'work under way', { errors, options })
  try {
    await disposeAll(made(), options)
  } catch (error) {
    errors.push(error)
  }
  throwCollected(errors)
}

/** Releases one instance that came too late to be released with its scope. Never rejects. */
export async function releaseQuietly(owner: Owner, instance: unknown, options: DisposalOptions): Promise<void> {
  try {
    await disposeAll([owner, instance], options)
  } catch (error) {
    options.onError(error)
  }
}

function disposeOne(made: MadeInstances, index: number): unknown {
  // Owners stand at even indices.
  const { disposal } = made[index] as Owner
  const instance = made[index + 1]
  if (typeof disposal === 'function') return disposal(instance)
  return disposal === 'inspect' ? ownDisposer(instance)?.call(instance) : undefined
}

function isThenable(value: unknown): value is PromiseLike<void> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<void>).then === 'function'
}

function nameAt(made: MadeInstances, index: number): string {
  return `the disposer of ${(made[index] as Owner).token.name}`
}

function throwCollected(errors: readonly unknown[]): void {
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} disposer(s) failed`)
}

/**
 * Waits for `pending`, at most the limit; a failure or an expiry is added to `errors`. The timer is armed only while
 * something is pending.
 */
function within(pending: PromiseLike<void>, what: string, { errors, options }: Collected): Promise<void> {
  return new Promise((resolve) => {
    const fail = (error: unknown): void => {
      errors.push(error)
      done()
    }
    const expire = (): void => fail(new TimeoutError(`${what} did not end within ${options.timeout} ms`))
    const timer = setTimeout(expire, options.timeout)
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    pending.then(done, fail)
  })
}
