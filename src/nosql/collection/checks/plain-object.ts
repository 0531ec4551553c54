import { UsageError } from '../../../core/errors.ts'
import { isDocument } from '../../query/value.ts'

/**
 * An argument that has to be a plain object, for callers whom TypeScript did not check.
 *
 * @throws {UsageError} naming what it is for.
 */
export function assertPlainObject<T>(value: T, what: string): T & object {
  if (isDocument(value)) return value
  throw new UsageError(`${what} must be a plain object`)
}
