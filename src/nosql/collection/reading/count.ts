import { callContext } from '../../store/session.ts'
import { NoSQLFilterError } from '../../errors.ts'
import { compareValues, equalValues } from '../../query/compare.ts'
import { ListGrowthCharge, sortSteps, type Meter } from '../../query/meter.ts'
import { collectAtPath, hasNull } from '../../query/path.ts'
import { copyValue, type Value } from '../../query/value.ts'
import { checkOptions, wholeNumber, type OperationOptions, type QueryOptions } from '../checks/operation-options.ts'
import { open, type CollectionScope } from '../collection-scope.ts'
import { hideExpired } from '../expiry/expiry.ts'
import { parseQuery } from './parsed-query.ts'
import { readPages } from './read.ts'

export interface CountOptions extends QueryOptions {
  readonly skip?: number | undefined
  /** Stop counting here; 0 or absent: count all. */
  readonly limit?: number | undefined
}

export async function countDocuments(scope: CollectionScope, filter: unknown, options: CountOptions): Promise<number> {
  checkOptions(options, ['skip', 'limit', 'mongodb'])
  const skip = wholeNumber(options.skip, 'skip', 0)
  const limit = wholeNumber(options.limit, 'limit', 0) || Infinity
  const asked = parseQuery(scope, filter, { ...options, skip, limit, needs: 'keys' })
  const collection = await open(scope, options)
  const { session } = scope
  const call = callContext(session, options)
  const query = hideExpired(asked, collection.expiry, call.now)
  if (collection.count !== undefined) {
    const counted = await session.inTurn(async () => collection.count?.(query, call))
    if (counted !== undefined) return counted
  }
  let count = 0
  for await (const page of readPages({ ...scope, options }, collection, query)) count += page.length
  return count
}

/** What the backend knows of itself, which may be out of date; else an exact count. */
export async function estimatedDocumentCount(scope: CollectionScope, options: OperationOptions): Promise<number> {
  checkOptions(options, [])
  const collection = await open(scope, options)
  const call = callContext(scope.session, options)
  if (collection.estimatedCount !== undefined && scope.confinement === undefined) {
    const estimate = await scope.session.inTurn(async () => collection.estimatedCount?.(call))
    if (estimate !== undefined) return estimate
  }
  return countDocuments(scope, {}, options)
}

/** The different values at a path, array elements one by one, in sort order. */
export async function distinct(
  scope: CollectionScope,
  path: string,
  { filter, ...options }: QueryOptions & { readonly filter: unknown },
): Promise<Value[]> {
  checkOptions(options, ['mongodb'])
  if (typeof path !== 'string' || path === '' || path.startsWith('$') || hasNull(path)) {
    throw new NoSQLFilterError('the path of distinct must be that of a field', { reason: 'BadValue', path: '' })
  }
  const asked = parseQuery(scope, filter, { ...options, needs: [path] })
  const collection = await open(scope, options)
  const { session } = scope
  const call = callContext(session, options)
  const query = hideExpired(asked, collection.expiry, call.now)
  if (collection.distinct !== undefined) {
    const native = await session.inTurn(async () => collection.distinct?.(path, query, call))
    if (native !== undefined) return differing([...native], query.meter)
  }
  const parts = path.split('.')
  const { meter } = query
  const growth = new ListGrowthCharge(meter)
  let values: Value[] = []
  let full = 10_000
  for await (const page of readPages({ ...scope, options }, collection, query)) {
    const { length } = values
    for (const { document } of page)
      for (const value of collectAtPath(document, parts)) growth.grow(values.push(value), value)
    meter.work((page.length + values.length - length) * STEPS_OF_A_VALUE)
    if (meter.tired) await meter.rest()
    if (values.length < full) continue
    values = differing(values, meter)
    full = Math.max(full, values.length * 2)
  }
  return differing(values, meter).map(copyValue)
}

/** The work of finding a value in a document, and of comparing two. */
const STEPS_OF_A_VALUE = 3
const STEPS_OF_A_COMPARISON = 2

function differing(values: Value[], meter: Meter): Value[] {
  meter.work(sortSteps(values.length) * STEPS_OF_A_COMPARISON)
  return values
    .sort((a, b) => compareValues(a, b, meter))
    .filter((value, i) => i === 0 || !equalValues(value, values[i - 1], meter))
}
