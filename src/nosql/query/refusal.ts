/** Refusals of a caller's filters, projections, sorts, updates and values, by MongoDB's names for them. */

import { NoSQLFilterError, UnsupportedOperationError } from '../errors.ts'

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

/** The refusal of an operator that runs code, or that only one database has. */
export function notPortable(name: string): UnsupportedOperationError {
  const operator = shownOperator(name)
  return new UnsupportedOperationError(`${operator} cannot be used: it is not part of the portable query language`, {
    hint: "Use the portable operators; on MongoDB, its own conditions go under the option 'mongodb'.",
    details: { operator },
  })
}

/** The refusal of an argument whose getters or traps throw. */
export function cannotRead(cause: unknown, subject: string, path?: string): NoSQLFilterError {
  return new NoSQLFilterError(`${subject} cannot be read`, { reason: 'BadValue', path, cause })
}
