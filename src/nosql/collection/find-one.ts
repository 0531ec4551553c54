import type { Document } from '../query/value.ts'
import { checkOptions, type GivenFindOptions } from './checks/operation-options.ts'
import { open, type CollectionScope } from './collection-scope.ts'
import { find, findQuery } from './find.ts'
import { copyForCaller, readFirst } from './read.ts'

/** The first document of a find. Most reads are this one, so that it goes without a cursor where nothing is traced. */
export async function findOne(
  scope: CollectionScope,
  filter: unknown,
  options: GivenFindOptions,
): Promise<Document | null> {
  checkOptions(options, ['sort', 'skip', 'projection', 'mongodb'])
  const one = { ...options, limit: 1 }
  if (scope.session.store.span !== undefined) {
    const [first = null] = await find(scope, filter, one).toArray()
    return first
  }
  const query = findQuery(scope, filter, one)
  const collection = await open(scope, options)
  const found = await readFirst({ ...scope, options }, collection, query)
  return found === undefined ? null : copyForCaller(collection.returnsOwnDocuments === true)(found.document)
}
