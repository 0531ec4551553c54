/** Refusals of filters, projections, sorts and updates, by MongoDB's names for them. */

import { NoSQLFilterError } from '../errors.ts'

export function badValue(message: string, path?: string, hint?: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason: 'BadValue', path, hint })
}

export function failedToParse(message: string, path?: string, hint?: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason: 'FailedToParse', path, hint })
}

export function typeMismatch(message: string, path?: string, hint?: string): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason: 'TypeMismatch', path, hint })
}

/** `path` with one more part, for errors. */
export function inside(path: string, part: string | number): string {
  return path === '' ? String(part) : `${path}.${part}`
}

/** An operator for a message. A name from outside could be anything; an operator's is a word. */
export function shownOperator(name: string): string {
  return /^\$\w{1,40}$/.test(name) ? name : 'this name'
}
