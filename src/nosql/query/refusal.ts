/** How what a caller gives is refused: filters, projections, sorts, updates and values, by MongoDB's names for it. */

import { isLexigramError } from '../../core/errors.ts'
import { NoSQLFilterError } from '../errors.ts'

/**
 * What a value from a caller may hold, where every part counts once and every object or array as many times more: more than
 * a document of any backend has. A walk of shared parts, or of a sparse array, ends here.
 */
export const MOST_PARTS = 10_000_000
export const PARTS_OF_A_CONTAINER = 8

export function badValue(message: string, path?: string, hint?: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason: 'BadValue', path, hint })
}

export function failedToParse(message: string, path?: string, hint?: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason: 'FailedToParse', path, hint })
}

export function typeMismatch(message: string, path?: string, hint?: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason: 'TypeMismatch', path, hint })
}

/** No database can be sent such a path: one that reads text only until there would ask for another field. */
export function assertNoNull(path: string, at: string): void {
  if (path.includes('\0')) throw badValue('a path must not have a null character', at)
}

/** `path` with one more part, for errors. */
export function inside(path: string, part: string | number): string {
  return path === '' ? String(part) : `${path}.${part}`
}

/** An operator for a message. A name from outside could be anything; an operator's is a word. */
export function shownOperator(name: string): string {
  return /^\$\w{1,40}$/.test(name) ? name : 'this name'
}

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
