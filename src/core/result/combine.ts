import { UsageError } from '../errors.ts'
import { kindOf } from '../plain-object.ts'
import { isOk, ok, type ErrOf, type OkOf, type Result } from './result.ts'

type Oks<R extends readonly Result<unknown, unknown>[]> = { -readonly [K in keyof R]: OkOf<R[K]> }

/**
 * All successes in order, or the first failure. A tuple keeps the type of each position.
 *
 * @example
 * import { collect, ok } from 'lexigram-edge'
 *
 * const both = collect([ok(1), ok('a')] as const) // Result<[1, 'a'], never>
 */
export function collect<const R extends readonly Result<unknown, unknown>[]>(
  results: R,
): Result<Oks<R>, ErrOf<R[number]>> {
  const values: unknown[] = []
  for (const result of iterable(results)) {
    if (!isOk(result)) return result as Result<never, ErrOf<R[number]>>
    values.push(result.value)
  }
  return ok(values as Oks<R>) // one value per result, in their order
}

/** Splits results into their successes and failures, each in order; nothing is lost. */
export function partition<T, E>(results: Iterable<Result<T, E>>): { values: T[]; errors: E[] } {
  const values: T[] = []
  const errors: E[] = []
  for (const result of iterable(results)) {
    if (isOk(result)) values.push(result.value)
    else errors.push(result.error)
  }
  return { values, errors }
}

function iterable<I extends Iterable<unknown>>(results: I): I {
  const given: { readonly [Symbol.iterator]?: unknown } | null | undefined = results
  if (typeof given?.[Symbol.iterator] === 'function') return results
  throw new UsageError(`results must be iterable, not ${kindOf(given)}`)
}
