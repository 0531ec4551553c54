import { isThenable } from '../../core/time-limit.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { DriverPage, ReadPlan, StoredDocument } from '../contract/query.ts'
import { compareSortValues, compileSortValues, type SortKey, type SortValues } from '../query/sort.ts'
import type { Document } from '../query/value.ts'
import { inTurns, type Session } from '../store/session.ts'
import type { OperationOptions } from './checks/operation-options.ts'
import { hideExpired } from './expiry.ts'
import type { ParsedQuery } from './parsed-query.ts'
import { allowPlan, assertHonest } from './plan-policy.ts'
import { noSpending, spend, type Spending } from './spending.ts'

export interface ReadContext {
  readonly session: Session
  readonly name: string
  readonly options: OperationOptions
  /** What the operation has spent so far, where it reads more than once. */
  readonly spending?: Spending | undefined
}

/**
 * The documents of a query, in pages. What the plan does not answer exactly is re-checked, sorted, skipped and limited
 * here; a backend's limit is never taken for the query's where documents may still drop out.
 */
export async function* readPages(
  context: ReadContext,
  collection: DriverCollection,
  reading: ParsedQuery,
): AsyncGenerator<readonly StoredDocument[], void> {
  if (reading.limit === 0) return
  const planned = planOf(context, collection, reading)
  const { plan, query } = isThenable(planned) ? await planned : planned
  yield* pagesOf(context, plan, query)
}

/** The plan for a query and what it was made for, which leaves the expired out. */
export interface Planned {
  readonly plan: ReadPlan
  readonly query: ParsedQuery
}

/** @throws {UnsupportedOperationError} when the store's policy denies the plan */
export function planOf(
  context: ReadContext,
  collection: DriverCollection,
  reading: ParsedQuery,
): Planned | Promise<Planned> {
  const { session } = context
  const call = session.store.context(context.options)
  const query = hideExpired(reading, collection.expiry, call.now)
  const accept = (plan: ReadPlan): Planned => {
    assertHonest(plan, query)
    allowPlan(context, plan)
    return { plan, query }
  }
  if (session.transactional) return session.inTurn(async () => accept(await collection.plan(query, call)))
  const plan = collection.plan(query, call)
  return isThenable(plan) ? plan.then(accept) : accept(plan)
}

export async function* pagesOf(
  context: ReadContext,
  plan: ReadPlan,
  query: ParsedQuery,
): AsyncGenerator<readonly StoredDocument[], void> {
  const pages = matchingPages(context, plan, query)
  const { project, sort } = query
  const wanted =
    sort !== undefined && !plan.sorted
      ? sortedPages(pages, query, sort)
      : plan.limited
        ? pages
        : limitedPages(pages, query)
  if (project === undefined || plan.projected === true) yield* wanted
  else {
    for await (const page of wanted) {
      yield page.map(({ document, revision }) => ({ document: project(document), revision }))
    }
  }
}

async function* matchingPages(
  context: ReadContext,
  plan: ReadPlan,
  query: ParsedQuery,
): AsyncGenerator<readonly StoredDocument[], void> {
  const { session, options } = context
  const { signal } = options
  const spending = context.spending ?? noSpending()
  const isBehind = plan.positioned ? undefined : isAfterPosition(query)
  signal?.throwIfAborted()
  for await (const page of inTurns(session, plan.read(session.store.context(options)))) {
    spend(spending, context, page)
    const matching = plan.exact ? page.documents : matchingOf(page, query)
    yield isBehind === undefined ? matching : matching.filter(({ document }) => isBehind(document))
    signal?.throwIfAborted()
  }
}

function matchingOf({ documents }: DriverPage<StoredDocument>, { matches }: ParsedQuery): readonly StoredDocument[] {
  return documents.filter(({ document }) => matches(document))
}

async function* limitedPages(
  pages: AsyncIterable<readonly StoredDocument[]>,
  { skip, limit }: ParsedQuery,
): AsyncGenerator<readonly StoredDocument[], void> {
  let from = skip
  let left = limit
  for await (const page of pages) {
    const taken = from === 0 && page.length <= left ? page : page.slice(from, from + left)
    from = Math.max(0, from - page.length)
    left -= taken.length
    if (taken.length > 0) yield taken
    if (left <= 0) return
  }
}

async function* sortedPages(
  pages: AsyncIterable<readonly StoredDocument[]>,
  { skip, limit }: ParsedQuery,
  sort: readonly SortKey[],
): AsyncGenerator<readonly StoredDocument[], void> {
  const valuesOf = compileSortValues(sort)
  const compare = compareSortValues(sort)
  const wanted = skip + limit
  let found: { readonly stored: StoredDocument; readonly values: SortValues }[] = []
  for await (const page of pages) {
    for (const stored of page) found.push({ stored, values: valuesOf(stored.document) })
    // What stands after the last one wanted is not kept, so that a short answer needs little memory.
    if (found.length > wanted * 2 + 1000) found = found.sort((a, b) => compare(a.values, b.values)).slice(0, wanted)
  }
  const sorted = found.sort((a, b) => compare(a.values, b.values)).slice(skip, wanted)
  if (sorted.length > 0) yield sorted.map(({ stored }) => stored)
}

/** Tells documents after the place where a page begins; undefined when there is none. */
function isAfterPosition({ after, sort }: ParsedQuery): ((document: Document) => boolean) | undefined {
  if (after === undefined || sort === undefined) return undefined
  const valuesOf = compileSortValues(sort)
  const compare = compareSortValues(sort)
  return (document) => compare(valuesOf(document), after) > 0
}
