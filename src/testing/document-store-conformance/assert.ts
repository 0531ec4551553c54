import type { LexigramError } from '../../core/errors.ts'
import { equalValues } from '../../nosql/query/compare.ts'
import type { Value } from '../../nosql/query/value.ts'
import { assertFails as assertFailsWith, assertSame, show } from '../assert.ts'

/** Equal as documents are: 1 is 1n, and the order of keys counts. */
export function assertEqual(actual: unknown, expected: unknown, what: string): void {
  const equal = equalValues(actual as Value | undefined, expected as Value | undefined)
  assertSame({ actual, expected, equal }, what)
}

/** Awaits a failure and returns the error, which must carry the code, and the reason if one is given. */
export async function assertFails(
  work: Promise<unknown> | (() => Promise<unknown>),
  code: string,
  { what, reason }: { readonly what: string; readonly reason?: string },
): Promise<LexigramError> {
  const error = await assertFailsWith(work, code, what)
  const found = 'reason' in error ? error.reason : undefined
  if (reason === undefined || found === reason) return error
  throw new Error(`${what}: expected the reason ${reason}, got ${show(found)}`, { cause: error })
}
