import { DocumentValidationError } from '../../errors.ts'

/** Collections that this package keeps beside those of the user end in this. */
export const locksSuffix = '~locks'

/** The collection in which this package notes the indexes of the others. */
export const catalogCollection = 'lexigram~indexes'

/**
 * @throws DocumentValidationError reason `InvalidNamespace`, for names that Firestore or this package keeps for itself
 * @see https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields
 */
export function assertUnreserved(name: string): void {
  // Most are words.
  if (/^[a-z][\w-]*$/i.test(name)) return
  const segments = name.split('/').filter((segment) => segment !== '*')
  for (const [at, segment] of segments.entries()) {
    if (/^(?:__[^]*__|\.\.?)$/.test(segment)) {
      throw reserved(name, "Firestore keeps '.', '..' and names that begin and end with two underscores")
    }
    // Every second part is the `_id` of a document.
    if (at % 2 === 0 && (segment.endsWith(locksSuffix) || segment === catalogCollection)) {
      throw reserved(name, `the names '${catalogCollection}' and '…${locksSuffix}' hold what belongs to indexes`)
    }
  }
}

function reserved(name: string, rule: string): DocumentValidationError {
  return new DocumentValidationError(`'${name}' cannot be the name of a collection in Firestore: ${rule}`, {
    reason: 'InvalidNamespace',
    hint: 'Choose another name.',
  })
}
