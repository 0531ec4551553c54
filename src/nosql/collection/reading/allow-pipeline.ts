import type { DriverCollection } from '../../contract/driver-collection.ts'
import { NoSQLFilterError, UnsupportedOperationError } from '../../errors.ts'
import { isDocument } from '../../query/value.ts'
import type { QueryOptions } from '../checks/operation-options.ts'
import { type CollectionScope, open, otherCollection } from '../collection-scope.ts'
import type { MeteredOptions } from '../spending.ts'
import type { Filter } from '../types/filter.ts'
import { type ParsedQuery, parseQuery } from './parsed-query.ts'
import { isPolicyLax, planOf } from './read.ts'
import { leadingMatch, otherReads, readsByIndex, type Stages } from './pipeline-reads.ts'

/**
 * Holds a pipeline that a server runs to the store's policy on scans: each collection that it reads is planned as the
 * engine would read it.
 *
 * @throws UnsupportedOperationError for a scan that the policy denies
 */
export async function allowPipeline(
  context: CollectionScope & { readonly options: MeteredOptions & QueryOptions },
  collection: DriverCollection,
  stages: Stages,
): Promise<void> {
  if (isPolicyLax(context)) return
  const { options } = context
  if (!readsByIndex(stages)) await planOf(context, collection, queryFor(context, leadingMatch(stages), options))
  for (const { name, filter } of otherReads(stages)) {
    const other = { ...otherCollection(context, name), options: { ...options, mongodb: undefined } }
    await planOf(other, await open(other, options), queryFor(other, filter, other.options))
  }
}

/** A condition that only the server knows is the server's to plan. */
function queryFor(scope: CollectionScope, filter: Filter, options: MeteredOptions & QueryOptions): ParsedQuery {
  const { hint } = options.mongodb ?? {}
  const hinted = hint === undefined ? {} : { mongodb: { hint } }
  try {
    return parseQuery(scope, filter, { ...options, mongodb: undefined, ...hinted, needs: 'keys' })
  } catch (error) {
    const isUnknown = error instanceof NoSQLFilterError || error instanceof UnsupportedOperationError
    if (!isUnknown || !isDocument(filter)) throw error
    return parseQuery(scope, {}, { ...options, mongodb: { ...hinted.mongodb, filter }, needs: 'keys' })
  }
}
