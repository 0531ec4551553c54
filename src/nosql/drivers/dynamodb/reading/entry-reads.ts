import type { DriverContext } from '../../../contract/context.ts'
import type { DriverPage, DriverQuery, ReadPlan, StoredDocument } from '../../../contract/query.ts'
import type { IndexRun } from '../../../plan/access.ts'
import { isAfter, keepOnly, sortRuns } from '../../../plan/pages.ts'
import { seekRun } from '../../../plan/seek.ts'
import type { SortKey } from '../../../query/sort.ts'
import { inOrder, type EntryPage } from '../indexes/entry-order.ts'
import { partsOf } from '../indexes/index-parts.ts'
import type { Place } from '../place.ts'
import { pagesOf, stretchInput, type Stretch } from '../transport/requests.ts'
import { pageSizes } from './page-sizes.ts'
import type { SpreadAccess } from './read-access.ts'
import { merged, type Open } from './side-by-side.ts'
import { stored } from './stored.ts'

type Page = DriverPage<StoredDocument>
type Pages = AsyncIterable<Page>

/** What is asked of a read, and what its plan claims. */
export interface Asked {
  readonly query: DriverQuery
  readonly claims: Pick<ReadPlan, 'sorted' | 'limited'>
  /** How many documents are still wanted. */
  readonly enough: () => number
}

/** Reads through an index, whose entries hold the documents: a stream for each stretch, or for those that are one in order. */
export function entryStreams(access: SpreadAccess, asked: Asked): readonly Open<Page>[] {
  const { query, claims } = asked
  const runs = access.order === -1 ? access.runs.toReversed() : access.runs
  const sort = claims.sorted ? query.sort : undefined
  return runs.flatMap((run) => {
    const shards = stretchesOf(access, run, (place, stretch, context) =>
      readStretch(access, { ...asked, sort, place, stretch }, context),
    )
    if (sort === undefined || access.merge || shards.length === 1) return shards
    // One run follows another, but their shards are side by side.
    return [merged(shards, sort)]
  })
}

/** Reads one stretch of an index: what `pages` makes of it, in each part that may hold it. */
export function stretchesOf<P>(
  { index }: SpreadAccess,
  run: IndexRun,
  pages: (place: Place, stretch: Stretch, context: DriverContext) => AsyncIterable<P>,
): readonly Open<P>[] {
  let named: Promise<readonly string[]> | undefined
  return Array.from({ length: index.shards ?? 1 }, (_each, shard): Open<P> => {
    return async function* stretch(place, context) {
      named ??= partsOf(index, run.equal)
      const part = (await named)[shard]
      if (part !== undefined) yield* pages(place, { key: index.key, part, run }, context)
    }
  })
}

interface Sorted extends Asked {
  /** Present where the entries come in this order. */
  readonly sort: readonly SortKey[] | undefined
}

interface Located {
  readonly place: Place
  readonly stretch: Stretch
}

async function* readStretch(
  access: SpreadAccess,
  { query, claims, sort, enough: stillWanted, ...at }: Sorted & Located,
  context: DriverContext,
): Pages {
  const { order = 1, tiesReversed } = access
  const position = sort === undefined || query.after === undefined ? undefined : { sort, after: query.after }
  const seek = position === undefined ? 'all' : seekRun(access, at.stretch.run, position)
  if (seek === 'none') return
  const input = stretchInput(at.place, { ...at.stretch, ...(seek !== 'all' && { start: { seek, order } }) })
  if (input === undefined) return
  // The entry after the last one shows that its ties are complete; the one at the position comes again backwards.
  const spare = sort !== undefined && (tiesReversed || (seek !== 'all' && order === -1)) ? 1 : 0
  const enough = claims.sorted ? stillWanted() : Infinity
  const nextSize = pageSizes({ enough: enough + spare, exact: claims.limited }, context)
  const request = { operation: 'Query', input: { ...input, ScanIndexForward: order === 1 }, nextSize } as const
  const entries = pagesOf(at.place, request, context)
  const read = storedPages(sort === undefined ? entries : inOrder(entries, sort))
  const following = position === undefined ? read : keepOnly(read, isAfter(position.sort, position.after))
  // Where documents may drop out later, all of a run of ties may be wanted.
  const most = claims.limited ? enough : Infinity
  yield* sort !== undefined && tiesReversed ? sortRuns(following, sort, { enough: most }) : following
}

async function* storedPages(pages: AsyncIterable<EntryPage>): Pages {
  for await (const { items, scanned, requests } of pages) yield { documents: items.map(stored), scanned, requests }
}
