import { isLexigramError, type LexigramError } from '../../errors.ts'
import { equalValues } from '../../nosql/query/compare.ts'
import type { Value } from '../../nosql/query/value.ts'

/** Equal as documents are: 1 is 1n, and the order of keys counts. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  if (equalValues(actual as Value | undefined, expected as Value | undefined)) return
  throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`)
}

/** Awaits a failure and gives the error, which must carry the code, and the reason if one is given. */
export async function assertFails(
  work: Promise<unknown> | (() => Promise<unknown>),
  code: string,
  { what, reason }: { readonly what: string; readonly reason?: string },
): Promise<LexigramError> {
  const error: unknown = await (typeof work === 'function' ? work() : work).then(
    (value) => new Error(`no error but ${show(value)}`),
    (thrown: unknown) => thrown,
  )
  if (!isLexigramError(error) || error.code !== code) {
    throw new Error(`${what}: expected an error with code ${code}, got ${show(error)}`, { cause: error })
  }
  const found = 'reason' in error ? error.reason : undefined
  if (reason !== undefined && found !== reason) {
    throw new Error(`${what}: expected the reason ${reason}, got ${show(found)}`, { cause: error })
  }
  return error
}

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part)) ?? 'undefined'
}
