import { assertFunction } from '../plain-object.ts'
import { err, ok, type Result } from './result.ts'

/**
 * Runs `fn` and turns what it throws, or rejects with, into a failure. `toError` returns the error of the failure, or
 * rethrows what it does not know, so that bugs stay bugs.
 *
 * @example
 * import { attempt, BadRequestError } from 'lexigram-edge'
 *
 * const body = attempt(() => JSON.parse(text), (cause) => new BadRequestError('the body is not JSON', { cause }))
 */
export function attempt<T, E>(fn: () => Promise<T>, toError: (thrown: unknown) => E): Promise<Result<T, E>>
export function attempt<T, E>(fn: () => T, toError: (thrown: unknown) => E): Result<T, E>
export function attempt<T, E>(
  fn: () => T | Promise<T>,
  toError: (thrown: unknown) => E,
): Result<T, E> | Promise<Result<T, E>> {
  for (const called of [fn, toError]) assertFunction(called, 'what attempt calls')
  try {
    const value = fn()
    if (!isThenable(value)) return ok(value)
    return Promise.resolve(value).then(
      (settled) => ok(settled),
      (thrown: unknown) => err(toError(thrown)),
    )
  } catch (thrown) {
    return err(toError(thrown))
  }
}

/** Query builders are promises by their types and none by their class. */
function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
