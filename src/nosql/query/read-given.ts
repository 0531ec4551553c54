import { isLexigramError } from '../../core/errors.ts'

/** More values than a document or a query of any backend holds; a walk of shared parts ends here. */
export const MOST_VALUES = 4_000_000

/**
 * Reads what a caller gave. Getters, proxies and forged objects can throw anything; that is a refusal of the input, and
 * never an error of its own.
 */
export function wrapReadErrors<T>(read: () => T, refuse: (cause: unknown) => Error): T {
  try {
    return read()
  } catch (error) {
    if (isLexigramError(error)) throw error
    throw refuse(error)
  }
}
