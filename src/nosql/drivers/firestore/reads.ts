import type { DriverContext } from '../../contract/context.ts'
import type { DriverPage, DriverQuery, ReadPlan, StoredDocument } from '../../contract/query.ts'
import { chooseAccess } from '../../plan/choose-access.ts'
import { pushAll } from '../../plan/chunks.ts'
import type { Facts } from '../../plan/facts.ts'
import { chainPages, mergePages } from '../../plan/merge.ts'
import { neededPaths } from '../../plan/needs.ts'
import { skipAndLimit } from '../../plan/pages.ts'
import type { Pushed } from '../../plan/push.ts'
import { readClaims } from '../../plan/read-plan.ts'
import type { FilterNode } from '../../query/filter-node.ts'
import { decodeDocument, type FirestoreDocument } from './codec.ts'
import { firestoreDialect, type NativeFilter } from './dialect.ts'
import { getSize } from './documents.ts'
import { toReadError } from './errors.ts'
import { requiredIndexes } from './required-indexes.ts'
import { cursorAfter, ordersOf, selectOf, type StructuredQuery } from './query.ts'
import { newMoment, type Moment } from './moment.ts'
import type { Place } from './place.ts'

/** Documents of one request. */
const pageSize = 300

/** Where and how a collection is read. */
export interface ReadTarget {
  readonly place: Place
  readonly facts: Facts
  /** What all reads of a transaction see. @default each read has its own */
  readonly moment?: Moment | undefined
}

/** By name, or by one or more structured queries; what Firestore cannot say is re-checked by the portable layer. */
export function planRead(target: ReadTarget, query: DriverQuery): ReadPlan {
  const access = chooseAccess(query, { indexes: [], facts: target.facts })
  if (access.kind === 'none') return planOf(query, { native: null, access, residual: [], reads: nothing })
  if (access.kind === 'get') {
    const names = access.ids.map((id) => target.place.nameOf(id)).filter((name) => name !== undefined)
    return planOf(query, {
      native: { batchGet: names },
      access,
      residual: access.residual,
      requests: Math.ceil(names.length / getSize),
      isSorted: names.length < 2,
      reads: (context) => getAll(target, names, context),
    })
  }
  return planQueries(target, query)
}

function planQueries(target: ReadTarget, query: DriverQuery): ReadPlan {
  const dialect = firestoreDialect(query.filter, target.place)
  const { queries, residual, tested, takes } = pushAll(query.filter, dialect, target.facts)
  const all = queries.map((pushed) => structured(target, query, { pushed, tested }))
  const isSorted = all.every((each) => each.isSorted)
  const isExact = residual.length === 0
  // Firestore skips and limits one query; several are merged first.
  const limit = isExact && isSorted && query.after === undefined ? query.skip + query.limit : Infinity
  const read = (context: DriverContext) => {
    const streams = all.map((each) => queryPages(target, { ...each, limit }, context))
    const [only, ...others] = streams
    if (only !== undefined && others.length === 0) return only
    return query.sort !== undefined && isSorted ? mergePages(streams, query.sort) : chainPages(streams, takes)
  }
  return planOf(query, {
    native: all.map((each) => each.structuredQuery),
    access: all.some((each) => each.structuredQuery.where !== undefined)
      ? { kind: 'index', name: requiredIndexes(all.map((each) => each.structuredQuery)).join(' | ') || 'automatic' }
      : { kind: 'scan' },
    residual,
    requests: all.length,
    isSorted,
    isExact,
    reads: read,
  })
}

interface Decision {
  readonly native: unknown
  readonly access: { readonly kind: string; readonly name?: string }
  readonly residual: readonly FilterNode[]
  readonly requests?: number
  readonly isSorted?: boolean
  readonly isExact?: boolean
  readonly reads: (context: DriverContext) => AsyncIterable<DriverPage<StoredDocument>>
}

function planOf(query: DriverQuery, decision: Decision): ReadPlan {
  const { native, access, residual, requests = 0, isSorted = true, reads } = decision
  const isScan = access.kind === 'scan'
  const claims = readClaims(query, {
    access: (access.kind === 'index' ? { kind: 'scan' } : access) as never, // only its kind is looked at
    native,
    residual,
    sorter: query.sort === undefined ? 'none' : isSorted ? 'index' : 'client',
    positioned: false,
    limits: true,
    estimatedRequests: requests,
  })
  const explanation = {
    ...claims.explanation,
    ...(access.kind === 'index' && { access: 'index' as const, index: access.name ?? null }),
    scan: isScan && (query.limit === Infinity || !claims.exact || !claims.sorted),
  }
  return {
    ...claims,
    explanation: explanation.scan || !claims.sorted ? explanation : { ...explanation, requiredIndexes: [] },
    read: (context) => (claims.limited ? skipAndLimit(reads(context), query) : reads(context)),
  }
}

interface Prepared {
  readonly structuredQuery: StructuredQuery
  readonly isSorted: boolean
}

interface Part {
  readonly pushed: Pushed<NativeFilter>
  /** The filter, where documents are tested here. */
  readonly tested: FilterNode | undefined
}

function structured({ place, facts }: ReadTarget, query: DriverQuery, { pushed, tested }: Part): Prepared {
  const { orderBy, isSorted } = ordersOf(pushed.native, query.sort, facts)
  const needs = neededPaths({
    wanted: query.needs,
    tested,
    // What is sorted here, or merged from several queries, is compared here.
    sort: query.sort,
  })
  return {
    isSorted,
    structuredQuery: {
      from: [{ collectionId: place.collectionId }],
      where: pushed.native,
      orderBy,
      select: selectOf(needs, orderBy),
    },
  }
}

interface Pages extends Prepared {
  readonly limit: number
}

interface QueryAnswer {
  readonly document?: FirestoreDocument
  readonly readTime?: string
}

/** Pages of one query at one moment: the first answer says which, and the others ask for the same. */
async function* queryPages(
  { place, moment = newMoment() }: ReadTarget,
  { structuredQuery, limit }: Pages,
  context: DriverContext,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  let left = limit
  let after: readonly unknown[] | undefined
  while (left > 0) {
    const size = Math.min(left, pageSize)
    const body = {
      structuredQuery: { ...structuredQuery, limit: size, ...(after && { startAt: { values: after, before: false } }) },
      ...moment.members,
    }
    const answers = (await ask(() =>
      place.transport.call('runQuery', body, { context, isIdempotent: true, ...place.below }),
    )) as readonly QueryAnswer[]
    moment.note(answers.findLast((answer) => answer.readTime !== undefined)?.readTime)
    const documents = answers.flatMap(({ document }) => document ?? [])
    yield pageOf(documents)
    left -= documents.length
    if (documents.length < size) return
    const last = documents.at(-1)
    if (last !== undefined) after = cursorAfter(structuredQuery.orderBy, last)
  }
}

async function* getAll(
  { place, moment = newMoment() }: ReadTarget,
  names: readonly string[],
  context: DriverContext,
): AsyncGenerator<DriverPage<StoredDocument>, void> {
  for (let from = 0; from < names.length; from += getSize) {
    const body = { documents: names.slice(from, from + getSize), ...moment.members }
    const answers = (await ask(() =>
      place.transport.call('batchGet', body, { context, isIdempotent: true }),
    )) as readonly {
      readonly found?: FirestoreDocument
      readonly readTime?: string
    }[]
    moment.note(answers.findLast((answer) => answer.readTime !== undefined)?.readTime)
    yield pageOf(answers.flatMap(({ found }) => found ?? []))
  }
}

export function stored(document: FirestoreDocument): StoredDocument {
  return {
    document: decodeDocument(document),
    revision: { updateTime: document.updateTime ?? '', fields: document.fields ?? {} },
  }
}

function pageOf(documents: readonly FirestoreDocument[]): DriverPage<StoredDocument> {
  return { documents: documents.map(stored), scanned: documents.length, requests: 1 }
}

/** Counts by an aggregation query where the filter is exact; undefined where documents have to be looked at. */
export async function countNatively(
  { place, facts, moment }: ReadTarget,
  query: DriverQuery,
  context: DriverContext,
): Promise<number | undefined> {
  const { queries } = pushAll(query.filter, firestoreDialect(query.filter, place), facts)
  const [only, ...others] = queries
  if (only === undefined || others.length > 0 || only.residual.length > 0) return undefined
  const end = query.skip + query.limit
  const structuredAggregationQuery = {
    structuredQuery: {
      from: [{ collectionId: place.collectionId }],
      where: only.native,
      ...(Number.isFinite(end) && { limit: end }),
    },
    aggregations: [{ alias: 'count', count: {} }],
  }
  const answers = (await ask(() =>
    place.transport.call(
      'runAggregationQuery',
      { structuredAggregationQuery, ...moment?.members },
      { context, isIdempotent: true, ...place.below },
    ),
  )) as readonly { result?: { aggregateFields?: { count?: { integerValue?: string } } }; readTime?: string }[]
  moment?.note(answers.findLast((answer) => answer.readTime !== undefined)?.readTime)
  const counted = Number(
    answers.find(({ result }) => result !== undefined)?.result?.aggregateFields?.count?.integerValue ?? 0,
  )
  return Math.max(0, counted - query.skip)
}

async function ask(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call()
  } catch (error) {
    throw toReadError(error)
  }
}

async function* nothing(): AsyncGenerator<DriverPage<StoredDocument>, void> {}
