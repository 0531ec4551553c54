import type { DriverContext } from '../../../contract/context.ts'
import type { DriverQuery } from '../../../contract/query.ts'
import { accessOf, stretchesOf, type ReadTarget } from './read-access.ts'
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
  let count = 0
  for (const run of access.runs) {
    const stretches = await stretchesOf(access, run)
    const counts = await Promise.all(stretches.map((stretch) => countStretch(target.place, stretch, context)))
    count += counts.reduce((sum, each) => sum + each, 0)
  }
  return Math.min(Math.max(0, count - query.skip), query.limit)
}

async function countStretch(place: Place, stretch: Stretch, context: DriverContext): Promise<number> {
  let count = 0
  const input = { ...stretchInput(place, stretch), Select: 'COUNT' }
  for await (const page of pagesOf(place, { operation: 'Query', input }, context)) count += page.count
  return count
}
