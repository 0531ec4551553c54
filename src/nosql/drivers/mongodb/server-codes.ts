import type { UpdateTree } from '../../query/update/parse-update.ts'

/**
 * Codes of the server that say nothing of what was asked, by what it has done with a command by then.
 *
 * @see https://www.mongodb.com/docs/manual/reference/error-codes/
 */

/** Nothing: it is not the primary, no member is one, or it takes no more requests. */
export const notBegun: ReadonlySet<number> = new Set([133, 462, 10107, 13435, 13436])

/** It is shutting down or stops being the primary, or a router has lost the shard. */
export const gone: ReadonlySet<number> = new Set([6, 7, 89, 91, 189, 9001, 11600, 11602])

/** It has ended the command itself: a lock or a snapshot that was not to be had, an administrator, a lost cursor. */
export const stopped: ReadonlySet<number> = new Set([
  24, 43, 134, 150, 175, 202, 234, 237, 239, 246, 262, 365, 11601, 13388,
])

/** Names that the server sends when it refuses a command, and leaves out when it refuses a statement of a write. */
const names: Readonly<Record<number, string>> = {
  2: 'BadValue',
  9: 'FailedToParse',
  14: 'TypeMismatch',
  15: 'Overflow',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  66: 'ImmutableField',
  121: 'DocumentValidationFailure',
  168: 'InvalidPipelineOperator',
  171: 'CannotIndexParallelArrays',
  241: 'ConversionFailure',
  10334: 'BSONObjectTooLarge',
}

/** MongoDB's name for a refusal. */
export function reasonOf({ code, codeName }: { readonly code?: unknown; readonly codeName?: unknown }): string {
  return typeof codeName === 'string' ? codeName : (names[Number(code)] ?? `Location${String(code)}`)
}

/** What is wrong with a document, whatever the update was made of. */
const ofDocument: ReadonlySet<number> = new Set([28, 52, 53, 66, 121, 171, 10334, 17280, 17419])

/** What operators find wrong with a field; expressions use the same codes. */
const ofField: ReadonlySet<number> = new Set([2, 9, 14, 15])

/** Operators that take every field as it is. */
const takeAny = /^\$(?:set|setOnInsert|unset|min|max|currentDate)$/

/** Whether a server that refuses a change with this code found an expression wrong, that of its filter included. */
export function isOfExpression(code: number, change: UpdateTree | null): boolean {
  if (ofDocument.has(code)) return false
  if (change?.kind !== 'operators' || !ofField.has(code)) return true
  return change.ops.every(({ operator, path }) => takeAny.test(operator) && !path.includes('$'))
}

/** Whether a command ended with one of these codes after it had begun. */
export function isInterrupted({ code }: { readonly code?: unknown }): boolean {
  return typeof code === 'number' && (gone.has(code) || stopped.has(code))
}
