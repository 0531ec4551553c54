import { kindOf } from '../../../core/plain-object.ts'
import { NoSQLFilterError } from '../../errors.ts'

/** @throws NoSQLFilterError for an argument that has to be an array, and is not, where the compiler did not check */
export function assertArray<T>(value: readonly T[], what: string): readonly T[] {
  if (Array.isArray(value)) return value
  throw new NoSQLFilterError(`${what} must be an array, not ${kindOf(value)}`, { reason: 'TypeMismatch', path: '' })
}
