import { UsageError } from '../../../src/runtime/index.ts'

/**
 * Members of a record as their types. An event that is made by hand may have anything in them, and JavaScript throws when
 * it converts an object such as `{ toString: 0 }`.
 */

/** What Lambda must know about a failed record, so that an event without it cannot be handled safely. */
export function required(value: unknown, member: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw missing(member)
}

export function requiredNumber(value: unknown, member: string): number {
  if (typeof value === 'number') return value
  throw missing(member)
}

function missing(member: string): UsageError {
  return new UsageError(`a record of the event must have its ${member}`, {
    hint: 'Add it to an event made by hand; Lambda always sends it.',
  })
}

/** What Lambda always sends, and a record can be handled without. */
export function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

/** A number, or a text that is one, as in the attributes of SQS. NaN for anything else that is present. */
export function numberOr(value: unknown, otherwise: number): number {
  if (value === undefined || value === null) return otherwise
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
}
