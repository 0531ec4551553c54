import { kindOf, wrapReadErrors } from '../../../core/plain-object.ts'
import { NoSQLFilterError } from '../../errors.ts'
import { MOST_PARTS } from '../../query/refusal.ts'

/**
 * A copy of an argument that has to be an array, for callers whom the compiler did not check.
 *
 * @throws NoSQLFilterError for what is not an array, cannot be read, or has a hole, which no loop would see
 */
export function assertArray<T>(value: readonly T[], what: string): readonly T[] {
  if (!isArray(value)) throw refused(`${what} must be an array, not ${kindOf(value)}`, '')
  return wrapReadErrors(
    () => copyWhole(value, what),
    (cause) => refused(`${what} cannot be read`, '', cause),
  )
}

/** A proxy may refuse to be looked at: it is not an array then. */
function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value)
  } catch {
    return false
  }
}

function copyWhole<T>(value: readonly T[], what: string): readonly T[] {
  const { length } = value
  if (length > MOST_PARTS) throw refused(`${what} must have at most ${MOST_PARTS} elements`, '')
  const copy: T[] = []
  for (let index = 0; index < length; index++) {
    if (!(index in value)) throw refused(`${what} must have no holes`, String(index))
    copy.push(value[index] as T) // it is there
  }
  return copy
}

function refused(message: string, path: string, cause?: unknown): NoSQLFilterError {
  return new NoSQLFilterError(message, { reason: 'TypeMismatch', path, cause })
}
