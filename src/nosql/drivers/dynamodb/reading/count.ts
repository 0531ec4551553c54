import type { DriverContext } from '../../../contract/context.ts'
import type { DriverQuery } from '../../../contract/query.ts'
import { accessOf, stretchesOf, type ReadTarget } from './read-access.ts'
import { pageSizes } from './page-sizes.ts'
import type { Place } from '../place.ts'
import { pagesOf, stretchInput, type Stretch } from '../transport/requests.ts'

/**
 * Counts entries of an index without sending the documents; undefined where some of them may not match, or are entries of
 * one document. What needs a scan is counted by reading, so that a policy on scans holds.
 */
export async function countNatively(
  target: ReadTarget,
  query: DriverQuery,
  context: DriverContext,
): Promise<number | undefined> {
  const { access, residual } = accessOf(target, query)
  if (access.kind !== 'index' || access.index.arrays !== 'none' || residual.length > 0) return undefined
  const enough = query.skip + query.limit
  let count = 0
  for (const run of access.runs) {
    const stretches = await stretchesOf(access, run)
    const counting = { place: target.place, enough: enough - count }
    const counts = await Promise.all(stretches.map((stretch) => countStretch(counting, stretch, context)))
    count += counts.reduce((sum, each) => sum + each, 0)
    if (count >= enough) break
  }
  return Math.min(Math.max(0, count - query.skip), query.limit)
}

interface Counting {
  readonly place: Place
  /** How many entries will do. */
  readonly enough: number
}

async function countStretch({ place, enough }: Counting, stretch: Stretch, context: DriverContext): Promise<number> {
  let count = 0
  const input = { ...stretchInput(place, stretch), Select: 'COUNT' }
  const nextSize = pageSizes({ enough, exact: true }, context)
  for await (const page of pagesOf(place, { operation: 'Query', input, nextSize }, context)) {
    count += page.count
    if (count >= enough) break
  }
  return count
}
