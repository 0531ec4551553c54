import type { Disposal } from './entry.ts'
import { isThenable, within } from '../../core/time-limit.ts'

/** Whose instance is released, and how. */
export interface Owner {
  readonly token: { readonly name: string }
  readonly disposal: Disposal
}

/** An instance that has to be released: a list, newest first, which is the order of release. */
export interface MadeInstance {
  owner: Owner
  readonly instance: unknown
  /** The one that was made before. */
  readonly before: MadeInstance | undefined
}

export interface DisposalOptions {
  /** How long one disposer may take, in milliseconds. */
  readonly timeout: number
  /** Called with failures that have no caller left to reject. */
  readonly onError: (error: unknown) => void
  /** Receives each instance that is released, from the first asynchronous one on. @default nothing is measured */
  readonly onReleased?: OnReleased | undefined
}

/** @param startedAt in milliseconds since 1970 */
export type OnReleased = (owner: Owner, startedAt: number) => void

/** The instance's own disposer, or undefined. */
export function ownDisposer(instance: unknown): (() => void | PromiseLike<void>) | undefined {
  if (instance === null || (typeof instance !== 'object' && typeof instance !== 'function')) return undefined
  const candidate = instance as { [Symbol.asyncDispose]?: () => PromiseLike<void>; [Symbol.dispose]?: () => void }
  const dispose = candidate[Symbol.asyncDispose] ?? candidate[Symbol.dispose]
  return typeof dispose === 'function' ? dispose : undefined
}

/**
 * Calls the disposers in reverse creation order, one after the other. A disposer that throws, rejects or outlasts
 * `timeout` does not stop the others; all failures arrive in one `AggregateError`. Returns a promise only if a disposer does.
 */
export function disposeAll(newest: MadeInstance | undefined, options: DisposalOptions): void | Promise<void> {
  let errors: unknown[] | undefined
  for (let made = newest; made !== undefined; made = made.before) {
    try {
      const pending = disposeOne(made)
      if (isThenable(pending)) return disposeRest(made, pending, { errors: errors ?? [], options })
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
  from: MadeInstance,
  first: PromiseLike<unknown>,
  { errors, options }: Collected,
): Promise<void> {
  let pending: unknown = first
  for (let made: MadeInstance | undefined = from; made !== undefined; made = made.before) {
    const { owner } = made
    const startedAt = options.onReleased === undefined ? 0 : Date.now()
    try {
      if (made !== from) pending = disposeOne(made)
      // Awaiting anything but a promise would let others run between two disposers.
      if (isThenable(pending)) await within(pending, options.timeout, `the disposer of ${owner.token.name}`)
    } catch (error) {
      errors.push(error)
    }
    options.onReleased?.(owner, startedAt)
  }
  throwCollected(errors)
}

/**
 * Waits until `before` has settled, within the time limit, and then disposes of what `made` returns. The caller of `before`
 * handles its rejection, except for the errors of child scopes, which are collected here.
 */
export async function disposeAfter(
  before: readonly Promise<unknown>[],
  made: () => MadeInstance | undefined,
  options: DisposalOptions,
): Promise<void> {
  const errors: unknown[] = []
  const settled = Promise.allSettled(before).then((outcomes) => {
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected' && outcome.reason instanceof AggregateError) errors.push(outcome.reason)
    }
  })
  try {
    await within(settled, options.timeout, 'work under way')
  } catch (error) {
    errors.push(error)
  }
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
    await disposeAll({ owner, instance, before: undefined }, options)
  } catch (error) {
    options.onError(error)
  }
}

function disposeOne({ owner: { disposal }, instance }: MadeInstance): unknown {
  if (typeof disposal === 'function') return disposal(instance)
  return disposal === 'inspect' ? ownDisposer(instance)?.call(instance) : undefined
}

function throwCollected(errors: readonly unknown[]): void {
  if (errors.length > 0)
    throw new AggregateError(errors, `instances cannot be disposed of: ${errors.length} of their disposers failed`)
}
