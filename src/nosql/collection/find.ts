import { Cursor } from './cursor.ts'
import { copyValue, type Document } from '../query/value.ts'
import { open, type CollectionScope } from './collection-scope.ts'
import { checkOptions, wholeNumber, type FindOptions } from './checks/operation-options.ts'
import { projector } from './projector.ts'
import { parseQuery, type Filter } from './question.ts'
import { readPages } from './read.ts'

const findOptions = ['sort', 'skip', 'limit', 'projection']

export function find(scope: CollectionScope, filter: Filter, options: FindOptions): Cursor<Document> {
  return new Cursor(
    deferErrors(() => {
      checkOptions(options, findOptions)
      const skip = wholeNumber(options.skip, 'skip', 0)
      const limit = wholeNumber(options.limit, 'limit', 0) || Infinity
      const asked = parseQuery(scope, filter, { ...options, skip, limit })
      const reading = { ...asked, project: projector(scope, asked, options) }
      return async function* pages() {
        const collection = await open(scope)
        const out = copyForCaller(collection.returnsOwnDocuments === true)
        for await (const page of readPages({ ...scope, options }, collection, reading)) {
          yield page.map(({ document }) => out(document))
        }
      }
    }),
  )
}

/** Checks at once, while the arguments are what they were, and throws where the caller awaits. */
export function deferErrors<T>(prepare: () => () => AsyncIterable<T>): () => AsyncIterable<T> {
  try {
    return prepare()
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** Documents that belong to the store leave it as copies. */
export function copyForCaller(shares: boolean): (document: Document) => Document {
  return shares ? copyValue : (document) => document
}
