import type { DriverContext } from '../../../contract/context.ts'
import type { DriverQuery } from '../../../contract/query.ts'
import { pagesOf, stretchInput } from '../transport/requests.ts'
import { stretchesOf } from './entry-reads.ts'
import { pageSizes } from './page-sizes.ts'
import { accessOf, type ReadTarget } from './read-access.ts'
import { readInTurn } from './side-by-side.ts'

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
  const most = query.skip + query.limit
  let count = 0
  const streams = access.runs.flatMap((run) =>
    stretchesOf(access, run, (place, stretch, call) => {
      const input = { ...stretchInput(place, stretch), Select: 'COUNT' }
      const nextSize = pageSizes({ enough: most - count, exact: true }, call)
      return pagesOf(place, { operation: 'Query', input, nextSize }, call)
    }),
  )
  const pages = readInTurn(streams, { endsEarly: most !== Infinity })(target.place, context)
  for await (const page of pages) {
    count += page.count
    if (count >= most) break
  }
  return Math.min(Math.max(0, count - query.skip), query.limit)
}
