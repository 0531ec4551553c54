import { LexigramError } from '../../../../core/errors.ts'
import { FirestoreFailure } from '../errors.ts'
import type { StructuredQuery } from '../reading/query.ts'
import { indexText, requiredIndexes } from './required-indexes.ts'

/**
 * Firestore has no composite index for a query. `details.indexes` holds the definitions to add, as `firestore.indexes.json`
 * has them, and `details.url` the page where Google offers to make one. The emulator needs no such index.
 */
export class MissingIndexError extends LexigramError {
  readonly code = 'LEX_ERR_NOSQL_015'
}

/** The error of a query that was refused for want of an index; anything else as it is. */
export function missingIndex(error: unknown, query: StructuredQuery): unknown {
  if (!(error instanceof FirestoreFailure) || error.status !== 'FAILED_PRECONDITION') return error
  if (!/index/i.test(error.answer)) return error
  const [url] = /https:\/\/console\.firebase\.google\.com\/\S+/.exec(error.answer) ?? []
  const indexes = requiredIndexes([query])
  const collection = query.from[0]?.collectionId ?? ''
  const wanted = indexes.length === 0 ? 'the index that Google names' : indexes.map(indexText).join(' and ')
  return new MissingIndexError(`collection '${collection}' cannot be queried: Firestore lacks a composite index`, {
    hint: `Add ${wanted} to firestore.indexes.json and deploy it: npx lexigram-edge firestore indexes writes the file.`,
    details: { collection, indexes, ...(url !== undefined && { url }) },
    cause: error,
  })
}
