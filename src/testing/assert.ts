import { isLexigramError, type LexigramError } from '../core/errors.ts'

export interface Comparison {
  readonly actual: unknown
  readonly expected: unknown
  readonly equal: boolean
}

/** Throws unless the two were found to be equal, which each suite decides in its own terms. */
export function assertSame({ actual, expected, equal }: Comparison, what: string): void {
  if (!equal) throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`)
}

/** Awaits a failure and returns the error, which must carry the code. */
export async function assertFails(
  work: PromiseLike<unknown> | (() => PromiseLike<unknown>),
  code: string,
  what: string,
): Promise<LexigramError> {
  const error: unknown = await (typeof work === 'function' ? work() : work).then(
    (value) => new Error(`no error but ${show(value)}`),
    (thrown: unknown) => thrown,
  )
  if (isLexigramError(error) && error.code === code) return error
  throw new Error(`${what}: expected an error with code ${code}, got ${show(error)}`, { cause: error })
}

export function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? 'undefined'
}

/** A value as a caller without types may pass it: it fits every type, and its reason is that it must be refused. */
export function untyped(value: unknown): never {
  return value as never
}
