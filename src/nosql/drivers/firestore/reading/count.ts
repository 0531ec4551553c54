import type { DriverContext } from '../../../contract/context.ts'
import type { DriverQuery } from '../../../contract/query.ts'
import { chooseAccess } from '../../../plan/choose-access.ts'
import { FirestoreFailure, toReadError } from '../errors.ts'
import { atOneMoment } from './moment.ts'
import { orderOf } from './order.ts'
import { ask } from './pages.ts'
import { pushFilter } from './push-filter.ts'
import { sourceOf } from './query.ts'
import type { ReadTarget } from './reads.ts'

interface CountAnswer {
  readonly result?: { readonly aggregateFields?: { readonly count?: { readonly integerValue?: string } } }
  readonly readTime?: string
}

/** Counts by an aggregation query where the filter is exact; undefined where documents have to be looked at. */
export async function countNatively(
  target: ReadTarget,
  query: DriverQuery,
  context: DriverContext,
): Promise<number | undefined> {
  const { place, moment = {} } = target
  const { kind } = chooseAccess({ filter: query.filter }, { indexes: [], facts: target.facts })
  if (kind === 'none') return 0
  if (kind === 'get') return undefined
  const { queries } = pushFilter(target, { filter: query.filter })
  const [only, ...others] = queries
  if (only === undefined || others.length > 0 || only.residual.length > 0) return undefined
  const end = query.skip + query.limit
  const structuredQuery = { from: sourceOf(place), where: only.native }
  const structuredAggregationQuery = {
    structuredQuery: { ...structuredQuery, ...(Number.isFinite(end) && { limit: end }) },
    aggregations: [{ alias: 'count', count: {} }],
  }
  // What it counts by an inequality, it orders by.
  const ordered = {
    ...structuredQuery,
    orderBy: orderOf(only.native, undefined, { facts: target.facts, isGroup: place.isGroup }).orderBy,
  }
  const answers = await atOneMoment(moment, async (members) => {
    const body = { structuredAggregationQuery, ...members }
    const call = { context, isIdempotent: true, ...place.below }
    // By the protocol.
    return (await ask(() => place.transport.call('runAggregationQuery', body, call), ordered)) as readonly CountAnswer[]
  })
  const counted = answers.find(({ result }) => result !== undefined)?.result?.aggregateFields?.count?.integerValue
  // An answer without a number does not mean none.
  if (counted === undefined) throw toReadError(new FirestoreFailure('INTERNAL'))
  return Math.max(0, Number(counted) - query.skip)
}
