import { isDocument, type Document } from '../query/value.ts'
import { fail } from './expression/failure.ts'

/** What a stage's fields are checked against. */
export interface ArgumentShape {
  readonly required?: readonly string[]
  readonly optional?: readonly string[]
}

/** The argument of a stage that takes named fields; a field that is not known or not there is refused. */
export function stageFields(argument: unknown, name: string, shape: ArgumentShape): Readonly<Record<string, unknown>> {
  if (!isDocument(argument)) return fail('TypeMismatch', `the argument of ${name} must be an object`)
  const { required = [], optional = [] } = shape
  for (const field of Object.keys(argument)) {
    if (!required.includes(field) && !optional.includes(field)) fail('FailedToParse', `fields of ${name} must be known`)
  }
  const absent = required.find((field) => argument[field] === undefined)
  return absent === undefined ? argument : fail('FailedToParse', `${name} must have '${absent}'`)
}

/** A whole number of int64's range, given as number or bigint. */
export function wholeArgument(value: unknown, what: string): number {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'number') return fail('TypeMismatch', `${what} must be a number`)
  if (!Number.isInteger(value) || Math.abs(value) >= 2 ** 63) fail('FailedToParse', `${what} must be a whole number`)
  return value
}

export function objectArgument(value: unknown, what: string): Document {
  return isDocument(value) ? value : fail('TypeMismatch', `${what} must be an object`)
}
