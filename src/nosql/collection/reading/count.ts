import type { DriverCollection } from '../../contract/driver-collection.ts'
import {
  checkOptions,
  notOfEstimates,
  wholeNumber,
  type EstimateOptions,
  type QueryOptions,
} from '../checks/operation-options.ts'
import { open, type CollectionScope } from '../collection-scope.ts'
import { overBudget } from '../over-budget.ts'
import { charged, documentsLeft, maxDocumentsOf, meterOf, readCall, type MeteredOptions } from '../spending.ts'
import { parseQuery, queryOf, type ParsedQuery } from './parsed-query.ts'
import { pagesOf, planOf, type ReadContext } from './read.ts'

/** Options of `countDocuments`. */
export interface CountOptions extends QueryOptions {
  readonly skip?: number | undefined
  /** Stop counting here; 0 or absent: count all. */
  readonly limit?: number | undefined
}

export async function countDocuments(scope: CollectionScope, filter: unknown, options: CountOptions): Promise<number> {
  checkOptions(options, ['skip', 'limit', 'mongodb'])
  const skip = wholeNumber(options.skip, 'skip', 0)
  const limit = wholeNumber(options.limit, 'limit', 0) || Infinity
  return countMatching(scope, filter, { ...options, skip, limit })
}

async function countMatching(
  scope: CollectionScope,
  filter: unknown,
  options: CountOptions & MeteredOptions,
): Promise<number> {
  const asked = parseQuery(scope, filter, { ...options, needs: 'keys' })
  const context = { ...scope, options }
  const collection = await open(scope, options)
  const planned = await planOf(context, collection, asked)
  const counted = await countNatively(context, collection, planned.query)
  if (counted !== undefined) return counted
  let count = 0
  for await (const page of pagesOf(context, planned)) count += page.length
  return count
}

/** What is counted has been read: where a budget bounds that, the backend counts no further than one document beyond it. */
export async function countNatively(
  context: ReadContext,
  collection: DriverCollection,
  query: ParsedQuery,
): Promise<number | undefined> {
  if (collection.count === undefined) return undefined
  const left = documentsLeft(context)
  const { skip, limit } = query
  const isBounded = left < skip + limit
  const asked = isBounded ? queryOf({ ...query, skip: 0, limit: left + 1 }) : query
  const call = readCall(context, context.options)
  const count = async () => charged(context, () => collection.count?.(asked, call))
  const counted = await context.session.inTurn(count)
  if (counted === undefined || !isBounded) return counted
  if (counted > left) throw overBudget('documents', maxDocumentsOf(context))
  return Math.min(Math.max(0, counted - skip), limit)
}

/** What the backend knows of itself, which may be out of date; else an exact count. */
export async function estimatedDocumentCount(scope: CollectionScope, options: EstimateOptions): Promise<number> {
  checkOptions(options, [], notOfEstimates)
  const meter = meterOf(scope, options)
  const collection = await open(scope, options)
  if (collection.estimatedCount !== undefined && scope.confinement === undefined) {
    const call = readCall(scope, options)
    const ask = async () => charged(scope, () => collection.estimatedCount?.(call))
    const estimate = await scope.session.inTurn(ask)
    if (estimate !== undefined) return estimate
  }
  return countMatching(scope, {}, { ...options, meter })
}
