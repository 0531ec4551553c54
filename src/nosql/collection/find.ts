import { FindCursor, type OpenFind } from './find-cursor.ts'
import { copyValue, type Document } from '../query/value.ts'
import { open, type CollectionScope } from './collection-scope.ts'
import { checkOptions, wholeNumber, type GivenFindOptions } from './checks/operation-options.ts'
import { projector } from './projector.ts'
import { parseQuery } from './question.ts'
import { queryOf, type ParsedQuery } from './parsed-query.ts'
import { readingOf } from './traced-reading.ts'
import { openPages } from './read.ts'

export function find(given: CollectionScope, filter: unknown, options: GivenFindOptions): FindCursor<Document> {
  const plan: OpenFind = (options) => {
    const reading = readingOf(given, 'find')
    const scope = reading?.scope ?? given
    const query = findQuery(scope, filter, options)
    const pages = async function* () {
      const collection = await open(scope, options)
      const out = copyForCaller(collection.returnsOwnDocuments === true)
      for await (const page of await openPages({ ...scope, options }, collection, query)) {
        yield page.map(({ document }) => out(document))
      }
    }
    return reading === undefined ? pages : reading.traced(pages)
  }
  return new FindCursor(plan, options)
}

/** The parsed arguments of a find. @throws NoSQLFilterError or UsageError for malformed arguments */
export function findQuery(scope: CollectionScope, filter: unknown, options: GivenFindOptions): ParsedQuery {
  checkOptions(options, ['sort', 'skip', 'limit', 'projection', 'mongodb'])
  const skip = wholeNumber(options.skip, 'skip', 0)
  const limit = wholeNumber(options.limit, 'limit', 0) || Infinity
  const query = parseQuery(scope, filter, { ...options, skip, limit })
  return options.projection === undefined ? query : queryOf({ ...query, ...projector(scope, query, options) })
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

/** Reads may leave the filter out; writes may not. */
export function orAll(filter: unknown): unknown {
  return filter === undefined ? {} : filter
}
