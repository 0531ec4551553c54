import { FindCursor, type OpenFind } from './find-cursor.ts'
import type { Document } from '../query/value.ts'
import { open, type CollectionScope } from './collection-scope.ts'
import { checkOptions, wholeNumber, type GivenFindOptions } from './checks/operation-options.ts'
import { projector } from './projector.ts'
import { type ParsedQuery, parseQuery, queryOf } from './parsed-query.ts'
import { tracedReading } from './traced-reading.ts'
import { copyForCaller, openPages } from './read.ts'

export function find(given: CollectionScope, filter: unknown, options: GivenFindOptions): FindCursor<Document> {
  const plan: OpenFind = (options) => {
    const { span } = given.session.store
    const reading = span && tracedReading(given, 'find', span)
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

/** Reads may leave the filter out; writes may not. */
export function orAll(filter: unknown): unknown {
  return filter === undefined ? {} : filter
}
