import { isLexigramError } from '../../core/errors.ts'

/**
 * What a value from a caller may hold, where every part counts once and every object or array as many times more: more than
 * a document of any backend has. A walk of shared parts, or of a sparse array, ends here.
 */
export const MOST_PARTS = 10_000_000
export const PARTS_OF_A_CONTAINER = 8

/**
 * Reads a caller's value. Getters, proxies and forged objects can throw anything; that refuses the input and is
 * never its own error.
 */
export function wrapReadErrors<T>(read: () => T, refuse: (cause: unknown) => Error): T {
  try {
    return read()
  } catch (error) {
    if (isLexigramError(error)) throw error
    throw refuse(error)
  }
}
