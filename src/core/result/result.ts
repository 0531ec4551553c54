import { UsageError } from '../errors.ts'
import { kindOf } from '../plain-object.ts'

/**
 * A value or an expected failure, as plain data: it passes through JSON, queues and RPC, and no class is needed to read it.
 */
export type Result<T, E = Error> = Ok<T> | Err<E>

/** A success, with its value. */
export interface Ok<T> {
  readonly ok: true
  readonly value: T
}

/** A failure, with the error as a value. */
export interface Err<E> {
  readonly ok: false
  readonly error: E
}

/** The success value of a result type. */
export type OkOf<R> = R extends Ok<infer T> ? T : never

/** The failure value of a result type. */
export type ErrOf<R> = R extends Err<infer E> ? E : never

/**
 * Wraps a success; `ok()` stands for `Result<void, E>`.
 *
 * @example
 * import { err, ok, type Result } from 'lexigram-edge'
 *
 * const half = (n: number): Result<number, 'odd'> => (n % 2 === 0 ? ok(n / 2) : err('odd'))
 */
export function ok(): Ok<void>
export function ok<const T>(value: T): Ok<T>
export function ok(value?: unknown): Ok<unknown> {
  return { ok: true, value }
}

/** Wraps an expected failure. */
export function err<const E>(error: E): Err<E> {
  return { ok: false, error }
}

/**
 * Whether a result is a success; the compiler then knows its `value`.
 *
 * @throws UsageError `LEX_ERR_USE_001` for what is not a result, such as a promise of one
 * @example
 * import { isOk, type Result } from 'lexigram-edge'
 *
 * const successes = (results: Result<number, Error>[]) => results.filter(isOk).map(({ value }) => value)
 */
export function isOk<T, E>(result: Result<T, E>): result is Ok<T> {
  const given: { readonly ok?: unknown } | null | undefined = result
  if (typeof given?.ok === 'boolean') return given.ok
  throw new UsageError(`a result must be what ok or err returns, not ${kindOf(given)}`)
}

/**
 * Whether a result is a failure; the compiler then knows its `error`.
 *
 * @throws UsageError `LEX_ERR_USE_001` for what is not a result
 * @example
 * import { isErr, type Result } from 'lexigram-edge'
 *
 * const failures = (results: Result<number, Error>[]) => results.filter(isErr).map(({ error }) => error)
 */
export function isErr<T, E>(result: Result<T, E>): result is Err<E> {
  return !isOk(result)
}

/** True when a value of unknown origin has the shape of a result, for example what a transaction callback returned. */
export function isResult(value: unknown): value is Result<unknown, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const tag = (value as { ok?: unknown }).ok
  return (tag === true && 'value' in value) || (tag === false && 'error' in value)
}
