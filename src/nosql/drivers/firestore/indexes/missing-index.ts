import { LexigramError } from '../../../../core/errors.ts'
import { FirestoreFailure } from '../errors.ts'
import type { StructuredQuery } from '../reading/query.ts'
import { indexText, requiredIndexes } from './required-indexes.ts'

/**
 * Firestore lacks an index for a query. `details.indexes` holds the composite ones to add, as `firestore.indexes.json`
 * has them, and `details.url` the page where Google offers to make one. The emulator needs no such index.
 */
export class MissingIndexError extends LexigramError {
  readonly code = 'LEX_ERR_NOSQL_015'
}

/** The error of a query that was refused for want of an index; anything else as it is. */
export function missingIndex(error: unknown, query: StructuredQuery): unknown {
  if (!(error instanceof FirestoreFailure) || error.status !== 'FAILED_PRECONDITION') return error
  // Google says nothing at all of some queries of groups.
  if (error.answer !== '' && !/index/i.test(error.answer)) return error
  const collection = query.from[0]?.collectionId ?? ''
  const subject = `collection '${collection}'`
  if (/currently building/i.test(error.answer)) {
    return new MissingIndexError(`${subject} cannot be queried: Firestore is still building its index`, {
      hint: 'Try again when it is built; the console shows how far it is.',
      details: { collection, indexes: [] },
      cause: error,
    })
  }
  const [url] = /https:\/\/console\.(?:firebase|cloud)\.google\.com\/\S+/.exec(error.answer) ?? []
  const indexes = requiredIndexes([query])
  return new MissingIndexError(`${subject} cannot be queried: Firestore lacks an index`, {
    hint:
      indexes.length === 0
        ? singleFieldHint(query)
        : `Add ${indexes.map(indexText).join(' and ')} to firestore.indexes.json and deploy it: npx lexigram-edge firestore indexes writes the file.`,
    details: { collection, indexes, ...(url !== undefined && { url }) },
    cause: error,
  })
}

/** Single fields are indexed without asking, but for groups and exempted fields. */
function singleFieldHint({ from: [source] }: StructuredQuery): string {
  const scope = source?.allDescendants === true ? 'COLLECTION_GROUP' : 'COLLECTION'
  return `Add an index of the scope ${scope} for each field of the query: 'fieldOverrides' in firestore.indexes.json.`
}
