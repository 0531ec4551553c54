import type { DriverContext } from '../../../contract/context.ts'
import type { DriverQuery } from '../../../contract/query.ts'
import { accessOf, type ReadTarget } from './read-access.ts'
import { pagesOf, runInput } from '../transport/requests.ts'

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
    const input = { ...runInput(target.place, access, run), Select: 'COUNT' }
    for await (const page of pagesOf(target.place, { operation: 'Query', input }, context)) count += page.count
  }
  return Math.min(Math.max(0, count - query.skip), query.limit)
}
