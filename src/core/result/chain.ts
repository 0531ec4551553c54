import { assertFunction } from '../plain-object.ts'
import { UsageError } from '../errors.ts'
import { err, isOk, ok, type Result } from './result.ts'

/** Applies `fn` to a success; a failure passes through untouched. */
export function map<T, U, E>(result: Result<T, E>, fn: (value: T) => U): Result<U, E> {
  return isOk(result) ? ok(assertFunction(fn, 'what map calls')(result.value)) : result
}

/** Applies `fn` to a failure; a success passes through untouched. */
export function mapErr<T, E, F>(result: Result<T, E>, fn: (error: E) => F): Result<T, F> {
  return isOk(result) ? result : err(assertFunction(fn, 'what mapErr calls')(result.error))
}

/** Continues with another fallible step. Failures of both steps are kept in the type. */
export function andThen<T, E, U, F>(result: Result<T, E>, fn: (value: T) => Result<U, F>): Result<U, E | F> {
  return isOk(result) ? assertFunction(fn, 'what andThen calls')(result.value) : result
}

/** Recovers from a failure with another fallible step. */
export function orElse<T, E, U, F>(result: Result<T, E>, fn: (error: E) => Result<U, F>): Result<T | U, F> {
  return isOk(result) ? result : assertFunction(fn, 'what orElse calls')(result.error)
}

/** Folds both sides into one value. */
export function match<T, E, A, B>(
  result: Result<T, E>,
  on: { readonly ok: (value: T) => A; readonly err: (error: E) => B },
): A | B {
  const given: Partial<typeof on> | null | undefined = on
  return isOk(result)
    ? assertFunction(given?.ok, 'what match calls').call(on, result.value)
    : assertFunction(given?.err, 'what match calls').call(on, result.error)
}

/**
 * The success value, or a throw: the error itself when it is an `Error`, otherwise a `UsageError` with it as `cause`.
 * For tests and start-up code; a domain uses `match`.
 */
export function unwrap<T>(result: Result<T, unknown>): T {
  if (isOk(result)) return result.value
  if (result.error instanceof Error) throw result.error
  throw new UsageError('a failed result cannot be unwrapped', {
    hint: 'Check result.ok first, or use match or unwrapOr.',
    cause: result.error,
  })
}

/** The success value, or `fallback`. */
export function unwrapOr<T, U>(result: Result<T, unknown>, fallback: U): T | U {
  return isOk(result) ? result.value : fallback
}

/** `map` with an asynchronous `fn`, on a result or a promise of one. Rejections are not caught: see `attempt`. */
export async function mapAsync<T, U, E>(
  result: Result<T, E> | Promise<Result<T, E>>,
  fn: (value: T) => U | Promise<U>,
): Promise<Result<U, E>> {
  const settled = await result
  return isOk(settled) ? ok(await assertFunction(fn, 'what mapAsync calls')(settled.value)) : settled
}

/** `andThen` with an asynchronous `fn`, on a result or a promise of one. */
export async function andThenAsync<T, E, U, F>(
  result: Result<T, E> | Promise<Result<T, E>>,
  fn: (value: T) => Result<U, F> | Promise<Result<U, F>>,
): Promise<Result<U, E | F>> {
  const settled = await result
  return isOk(settled) ? assertFunction(fn, 'what andThenAsync calls')(settled.value) : settled
}

/** `orElse` with an asynchronous `fn`, on a result or a promise of one. */
export async function orElseAsync<T, E, U, F>(
  result: Result<T, E> | Promise<Result<T, E>>,
  fn: (error: E) => Result<U, F> | Promise<Result<U, F>>,
): Promise<Result<T | U, F>> {
  const settled = await result
  return isOk(settled) ? settled : assertFunction(fn, 'what orElseAsync calls')(settled.error)
}
