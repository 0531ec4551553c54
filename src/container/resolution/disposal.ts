import type { Disposal } from './entry.ts'
import { isThenable, within } from '../../core/time-limit.ts'

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
  first: PromiseLike<unknown>,
  { errors, options }: Collected,
): Promise<void> {
  let pending: unknown = first
  for (let i = from; i >= 0; i -= 2) {
    try {
      if (i < from) pending = disposeOne(made, i)
      // Awaiting what is no promise would give others a turn between two disposers.
      if (isThenable(pending)) await within(pending, options.timeout, nameAt(made, i))
    } catch (error) {
      errors.push(error)
    }
  }
  throwCollected(errors)
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

function nameAt(made: MadeInstances, index: number): string {
  return `the disposer of ${(made[index] as Owner).token.name}`
}

function throwCollected(errors: readonly unknown[]): void {
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} disposer(s) failed`)
}
