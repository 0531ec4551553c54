import type { FilterNode } from '../query/filter-node.ts'
import type { SortKey } from '../query/sort.ts'
import type { Value } from '../query/value.ts'
import { boundsOf, type Bounds } from './bounds.ts'
import type { IndexAccess, IndexRun } from './access.ts'
import { type Facts, withScalars } from './facts.ts'
import { holdsAll, type IndexShape } from './index-shape.ts'
import { type Interval, overlap, pointOf } from './intervals.ts'
import { orderOfRuns } from './sort.ts'

interface Asked {
  readonly sort: readonly SortKey[] | undefined
  readonly facts: Facts
}

/** Above this many runs, a further path of equal values is left to the residual. */
const mostRuns = 64

/**
 * How an index leads to the documents of the conjuncts; undefined where it does not hold them all, or would be read
 * from end to end for nothing.
 */
export function indexAccess<I extends IndexShape>(
  index: I,
  nodes: readonly FilterNode[],
  { sort, facts: known }: Asked,
): IndexAccess<I> | undefined {
  if (!holdsAll(index, nodes, known)) return undefined
  // This index has no documents with arrays: every entry has one value at each path.
  const facts =
    index.arrays === 'entries'
      ? known
      : withScalars(
          known,
          index.key.map(([path]) => path),
        )
  const used = new Set<FilterNode>()
  let equal: (readonly Value[])[] = [[]]
  let intervals: readonly Interval[] = [{}]
  let bound = false
  for (const [path, direction] of index.key) {
    const found = boundsOn(path, nodes, facts)
    if (found.length === 0) break
    const here = index.arrays === 'entries' ? narrowest(found) : found
    const sorted = here.map(({ bounds }) => bounds.intervals).reduce(overlap)
    if (equal.length > 1 && sorted.length > 1 && equal.length * sorted.length > mostRuns) break
    bound = true
    for (const { node, bounds } of here) if (bounds.exact) used.add(node)
    intervals = direction === 1 ? sorted : sorted.toReversed()
    const points = intervals.map(pointOf).filter((point) => point !== undefined)
    if (points.length < intervals.length) break
    equal = equal.flatMap((values) => points.map((point) => [...values, point]))
    intervals = [{}]
    // Of a path through arrays other elements may satisfy the next conjunct than this one.
    if (index.arrays === 'entries') break
  }
  if ((equal[0]?.length ?? Infinity) < (index.partition ?? 0)) return undefined
  const runs = equal.flatMap((values) => intervals.map((interval): IndexRun => ({ equal: values, interval })))
  const order = index.arrays === 'none' ? orderOfRuns(index, runs, sort) : undefined
  if (!bound && order === undefined) return undefined
  return {
    kind: 'index',
    index,
    runs,
    apart: index.arrays === 'apart',
    order: order?.order,
    merge: order?.merge === true,
    tiesReversed: order?.tiesReversed === true,
    residual: index.arrays === 'none' ? nodes.filter((node) => !used.has(node)) : nodes,
  }
}

interface Found {
  readonly node: FilterNode
  readonly bounds: Bounds
}

function boundsOn(path: string, nodes: readonly FilterNode[], facts: Facts): readonly Found[] {
  const found: Found[] = []
  for (const node of nodes) {
    if (node.kind !== 'field' || node.path !== path) continue
    const bounds = boundsOf(node, facts)
    if (bounds !== undefined) found.push({ node, bounds })
  }
  return found
}

/** One conjunct: an equal value before anything else, for each may hold for another element of the array. */
function narrowest(found: readonly Found[]): readonly Found[] {
  const [first] = found
  const equality = found.find(({ bounds: { intervals } }) => {
    const [only, ...others] = intervals
    return only === undefined || (others.length === 0 && pointOf(only) !== undefined)
  })
  const best = equality ?? first
  return best === undefined ? [] : [best]
}
