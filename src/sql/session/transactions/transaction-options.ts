import { UsageError } from '../../../core/errors.ts'
import { mostRetries, type SessionTransactionOptions } from '../calls/retry.ts'

const levels: readonly unknown[] = ['read committed', 'repeatable read', 'serializable']
const flags: readonly string[] = ['readOnly', 'deferrable']

/**
 * Drivers write the modes into a statement, so only those that PostgreSQL has may pass.
 *
 * @throws UsageError for an option that is not known or has another type
 */
export function assertTransactionOptions(options: SessionTransactionOptions): void {
  if (typeof options !== 'object' || options === null) throw new UsageError('transaction options must be an object')
  for (const [name, value] of Object.entries(options) as readonly (readonly [string, unknown])[]) {
    if (name === 'isolation') {
      if (value !== undefined && !levels.includes(value)) {
        throw new UsageError(`isolation must be one of ${levels.map((level) => `'${String(level)}'`).join(', ')}`)
      }
    } else if (name === 'retry') {
      if (value !== undefined && !isCount(value)) {
        throw new UsageError(`retry must be a whole number from 0 to ${mostRetries}`)
      }
    } else if (!flags.includes(name)) {
      throw new UsageError('transaction options must be isolation, readOnly, deferrable or retry')
    } else if (value !== undefined && typeof value !== 'boolean') {
      throw new UsageError(`${name} must be true or false`)
    }
  }
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostRetries
}

/** @throws UsageError when a part of a transaction asks for modes */
export function assertNoModes(options: SessionTransactionOptions = {}): void {
  assertTransactionOptions(options)
  if (Object.keys(options).length === 0) return
  throw new UsageError('isolation, readOnly, deferrable and retry must be set on the outermost transaction')
}
