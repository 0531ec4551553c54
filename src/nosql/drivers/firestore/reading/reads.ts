import type { DriverContext } from '../../../contract/context.ts'
import type { DriverPage, DriverPages, DriverQuery, ReadPlan, StoredDocument } from '../../../contract/query.ts'
import { chooseAccess } from '../../../plan/choose-access.ts'
import type { Facts } from '../../../plan/facts.ts'
import { chainPages, mergePages } from '../../../plan/merge.ts'
import { neededPaths } from '../../../plan/needs.ts'
import { isAfter, keepOnly, onePage, skipAndLimit, sortRuns } from '../../../plan/pages.ts'
import type { Pushed } from '../../../plan/push.ts'
import { readClaims, type ReadDecision } from '../../../plan/read-plan.ts'
import type { FilterNode } from '../../../query/filter-node.ts'
import type { NativeFilter } from '../dialect.ts'
import { getSize } from './documents.ts'
import type { Moment } from './moment.ts'
import { cursorAfter, orderOf, sameRun, type Cursor, type Order } from './order.ts'
import { getAll, getOne, getSome, queryPages } from './pages.ts'
import type { Place } from '../place.ts'
import { pushFilter } from './push-filter.ts'
import { selectOf, sourceOf, type StructuredQuery } from './query.ts'
import { indexKeys, indexText, requiredIndexes } from '../indexes/required-indexes.ts'

/** Where and how a collection is read. */
export interface ReadTarget {
  readonly place: Place
  readonly facts: Facts
  /** Other programs add documents here, which may have no mark of deletion. @default false */
  readonly otherWriters?: boolean | undefined
  /** What all reads of a transaction see. @default each read has its own */
  readonly moment?: Moment | undefined
}

type DocumentPages = DriverPages<StoredDocument>

/** By name, or by one or more structured queries; what Firestore cannot say is re-checked by the portable layer. */
export function planRead(target: ReadTarget, query: DriverQuery): ReadPlan {
  const access = chooseAccess(query, { indexes: [], facts: target.facts })
  if (access.kind === 'none') {
    const decision = { access, native: null, residual: [], sorter: 'none', estimatedRequests: 0 } as const
    return planOf(query, { ...decision, positioned: true, limits: true }, nothing)
  }
  if (access.kind !== 'get') return planQueries(target, query)
  const names = access.ids.map((id) => target.place.nameOf(id)).filter((name) => name !== undefined)
  const [first] = names
  const only = names.length === 1 ? first : undefined
  const gets = { place: target.place, names, moment: target.moment ?? {} }
  return planOf(
    query,
    {
      access,
      native: { batchGet: names },
      residual: access.residual,
      sorter: query.sort === undefined ? 'none' : names.length < 2 ? 'index' : 'client',
      positioned: false,
      limits: true,
      estimatedRequests: Math.ceil(names.length / getSize),
    },
    (context) => {
      if (only === undefined) return getAll(gets, context)
      return onePage(() => (target.moment === undefined ? getOne(target.place, only, context) : getSome(gets, context)))
    },
  )
}

function planQueries(target: ReadTarget, query: DriverQuery): ReadPlan {
  const { facts, place } = target
  const { sort, after } = query
  const { queries, residual, tested, takes } = pushFilter(target, query)
  const parts = queries.map((pushed) => partOf(target, query, { pushed, tested }))
  const isSorted = parts.every(({ order }) => order.isSorted)
  const starts = parts.map(({ order }) =>
    isSorted && sort !== undefined && after !== undefined
      ? cursorAfter(order, { sort, after, facts, names: place })
      : undefined,
  )
  const structured = parts.map((part) => part.structuredQuery)
  const composite = requiredIndexes(structured)
  const isScan = structured.some(({ where }) => where === undefined)
  const isCut = query.limit !== Infinity && residual.length === 0 && isSorted
  const decision: ReadDecision = {
    access: {
      kind: 'native',
      index: isScan ? null : composite.map(indexText).join(' | ') || 'automatic',
      scan: isScan && !isCut,
    },
    native: structured,
    residual,
    sorter: sort === undefined ? 'none' : isSorted ? 'index' : 'client',
    positioned: !starts.includes(undefined),
    limits: true,
    estimatedRequests: parts.length,
    ...((!isScan || isCut) && isSorted && { requiredIndexes: composite.map(indexKeys) }),
  }
  const { limited, positioned } = readClaims(query, decision)
  return planOf(query, decision, (context) => {
    const { moment = {} } = target
    const streams = parts.map((part, at) => {
      // One more document on either side of a run shows where it begins and ends.
      const enough = limited ? query.skip + query.limit + (part.order.runKeys.length > 0 ? 2 : 0) : Infinity
      const start = positioned ? starts[at] : undefined
      return inOrder(part, query, { start, pages: queryPages({ place, ...part, start, enough, moment }, context) })
    })
    const [only, ...others] = streams
    if (only !== undefined && others.length === 0) return only
    return sort !== undefined && isSorted ? mergePages(streams, sort) : chainPages(streams, takes)
  })
}

interface Part {
  readonly structuredQuery: StructuredQuery
  readonly order: Order
}

interface Split {
  readonly pushed: Pushed<NativeFilter>
  /** The filter, where documents are tested here. */
  readonly tested: FilterNode | undefined
}

function partOf({ place, facts }: ReadTarget, query: DriverQuery, { pushed, tested }: Split): Part {
  const order = orderOf(pushed.native, query.sort, { facts, isGroup: place.isGroup })
  // What is sorted here, or merged from several queries, is compared here.
  const needs = neededPaths({ wanted: query.needs, tested, sort: query.sort, facts })
  const structuredQuery = {
    from: sourceOf(place),
    where: pushed.native,
    orderBy: order.orderBy,
    select: selectOf(needs, order.orderBy),
  }
  return { order, structuredQuery }
}

interface Raw {
  readonly start: Cursor | undefined
  readonly pages: DocumentPages
}

/** Sorts the documents of each run, and leaves out those of the first run that come before the position. */
function inOrder({ order }: Part, { sort, after }: DriverQuery, { start, pages }: Raw): DocumentPages {
  if (sort === undefined || order.runKeys.length === 0) return pages
  const sorted = sortRuns(pages, sort, { isSame: sameRun(order) })
  return start === undefined || after === undefined ? sorted : keepOnly(sorted, isAfter(sort, after))
}

function planOf(
  query: DriverQuery,
  decision: ReadDecision,
  reads: (context: DriverContext) => DocumentPages,
): ReadPlan {
  const claims = readClaims(query, decision)
  return {
    ...claims,
    // All pages are of one moment.
    movedBy: [],
    read: (context) => {
      const pages = reads(context)
      const isWhole = pages.whole !== undefined && query.skip === 0
      return claims.limited && !isWhole ? skipAndLimit(pages, query) : pages
    },
  }
}

async function* nothing(): AsyncGenerator<DriverPage<StoredDocument>, void> {}
