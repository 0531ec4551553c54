import { UsageError } from '../../../core/errors.ts'
import type { Statement } from '../../contract/driver.ts'

/** Written by the database into the error that a failed expectation raises; the number says which write it was. */
const mark = 'lexigram:expected-rows:'

/**
 * A write that fails, and with it its transaction, unless it affects `expected` rows. The database counts inside the
 * statement and casts a text to a number that is not one. The cast is around the choice: of a literal alone the planner
 * would take it before it counts. The write must have no `returning`.
 */
export function expectRows(write: Statement, expected: number, index: number): Statement {
  if (!Number.isInteger(expected) || expected < 0)
    throw new UsageError('the argument of expectRows must be a whole number of at least 0')
  const check = guard(expected, index)
  return { ...write, text: `with written as (${write.text} returning 1) select ${check} from written` }
}

/** The same for a write with `returning`: returns its rows in their order, each after a column for the check. */
export function expectReturnedRows(write: Statement, expected: number, index: number): Statement {
  const check = `(select ${guard(expected, index)} as fits from written) as guard`
  const text = `with written as (${write.text}) select guard.fits, written.* from ${check} left join written on true`
  return { ...write, text }
}

/** Which write's expectation an error is about; -1 when it is about none. */
export function failedExpectation(error: unknown): number {
  const text = (error as { readonly cause?: { readonly message?: unknown } }).cause?.message
  const [, index] = typeof text === 'string' ? text.split(mark) : []
  return index === undefined ? -1 : Number.parseInt(index, 10)
}

function guard(expected: number, index: number): string {
  return `(case when count(*) = ${expected} then '0' else '${mark}${index}' end)::int`
}
