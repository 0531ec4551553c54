import { assertOptions, must, type OptionCheck } from '../../../core/assert-options.ts'
import { UsageError } from '../../../core/errors.ts'
import { mostRetries, type SessionTransactionOptions } from '../calls/retry.ts'

const checks = {
  isolation: must.beOneOf('read committed', 'repeatable read', 'serializable'),
  readOnly: must.beBoolean,
  deferrable: must.beBoolean,
  retry: {
    holds: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostRetries,
    expected: `a whole number from 0 to ${mostRetries}`,
    kind: 'number',
  },
} satisfies Readonly<Record<keyof SessionTransactionOptions, OptionCheck>>

/**
 * Drivers write the modes into a statement, so only those that PostgreSQL has may pass.
 *
 * @throws UsageError for an option that is not known or has another type
 */
export function assertTransactionOptions(options: SessionTransactionOptions): void {
  assertOptions(options, checks, 'the options of a transaction')
}

/** @throws UsageError when a part of a transaction asks for modes */
export function assertNoModes(options: SessionTransactionOptions = {}): void {
  assertTransactionOptions(options)
  if (Object.keys(options).length === 0) return
  throw new UsageError('isolation, readOnly, deferrable and retry must be set on the outermost transaction')
}
