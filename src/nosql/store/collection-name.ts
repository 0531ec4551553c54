import { DocumentValidationError } from '../errors.ts'

/**
 * Collection names that every backend can hold. A slash makes a sub-collection where the driver has them.
 *
 * @throws DocumentValidationError reason `InvalidNamespace`.
 */
export function assertCollectionName(name: unknown): asserts name is string {
  if (
    typeof name === 'string' &&
    name.length <= 200 &&
    // Half of a surrogate pair would be stored as another character.
    name.isWellFormed() &&
    /^[^$\0\s.][^$\0]*$/.test(name) &&
    !name.startsWith('system.')
  ) {
    return
  }
  throw new DocumentValidationError(
    'a collection name must have 1 to 200 characters of well-formed Unicode, without "$" and not starting with "system."',
    {
      reason: 'InvalidNamespace',
      path: '',
    },
  )
}
