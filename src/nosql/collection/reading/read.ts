import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { ReadPlan, StoredDocument } from '../../contract/query.ts'
import { isAfter } from '../../plan/pages.ts'
import { copyValue, type Document } from '../../query/value.ts'
import { callContext } from '../../store/store-context.ts'
import type { Session } from '../../store/session.ts'
import { inTurns } from '../../store/transaction-session.ts'
import type { OperationOptions } from '../checks/operation-options.ts'
import { hideExpired } from '../expiry/expiry.ts'
import { assertPosition } from './page-cursor.ts'
import type { ParsedQuery } from './parsed-query.ts'
import { allowPlan, assertHonest, notePlan } from './plan-policy.ts'
import { mapBatches } from '../../query/map-batches.ts'
import { sortedPages } from './sorted-pages.ts'
import { noSpending, payForDocuments, readCall, spend, type Spending } from '../spending.ts'

export interface ReadContext {
  readonly session: Session
  readonly name: string
  readonly options: OperationOptions
  /** What the operation has spent so far, where it reads more than once. */
  readonly spending?: Spending | undefined
}

/** The plan for a query and what it was made for, which leaves the expired out. */
export interface Planned {
  readonly plan: ReadPlan
  readonly query: ParsedQuery
  /** What is read is in memory anyway: holding it costs no more than a reference. */
  readonly shares: boolean
}

type Pages = AsyncIterable<readonly StoredDocument[]>

/** Whether what a collection reads is in memory anyway. In a transaction only what it has written is. */
export function sharesDocuments({ transactional }: Session, { returnsOwnDocuments }: DriverCollection): boolean {
  return returnsOwnDocuments === true && !transactional
}

/** The driver's plan. @throws UnsupportedOperationError when the store's policy denies it */
export function planOf(
  context: ReadContext,
  collection: DriverCollection,
  reading: ParsedQuery,
): Planned | Promise<Planned> {
  const { session } = context
  const call = callContext(session, context.options)
  const { expiry = [] } = collection
  const query = expiry.length === 0 ? reading : hideExpired(reading, expiry, call.now)
  const accept = (plan: ReadPlan): Planned => {
    if (plan.limited) assertHonest(plan, query)
    if (!isPolicyLax(context)) allowPlan(context, plan)
    if (session.span !== undefined) notePlan(session.span, plan.explain())
    return { plan, query, shares: sharesDocuments(session, collection) }
  }
  if (session.transactional) return session.inTurn(async () => accept(await collection.plan(query, call)))
  const plan = collection.plan(query, call)
  return 'then' in plan ? plan.then(accept) : accept(plan)
}

/** Whether nothing becomes of a scan. */
export function isPolicyLax({ session: { store }, options }: Pick<ReadContext, 'session' | 'options'>): boolean {
  const policy = options.scans ?? store.scans
  return policy === 'allow' || (policy === 'warn' && store.onWarning === undefined)
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
  yield* await openPages(context, collection, reading)
}

/** The same, planned by the time it resolves. */
export async function openPages(
  context: ReadContext,
  collection: DriverCollection,
  reading: ParsedQuery,
): Promise<Pages> {
  if (reading.limit === 0) return nothing()
  const planned = planOf(context, collection, reading)
  return pagesOf(context, 'then' in planned ? await planned : planned)
}

/** The first document of a query that is limited to one. */
export async function readFirst(
  context: ReadContext,
  collection: DriverCollection,
  reading: ParsedQuery,
): Promise<StoredDocument | undefined> {
  const planning = planOf(context, collection, reading)
  const planned = 'then' in planning ? await planning : planning
  const { plan, query } = planned
  const whole = answersFirst(context, plan, query) ? wholeOf(context, plan) : undefined
  if (whole === undefined) {
    for await (const page of pagesOf(context, planned)) if (page[0] !== undefined) return page[0]
    return undefined
  }
  const { signal } = context.options
  signal?.throwIfAborted()
  const page = await whole()
  spend(context.spending ?? noSpending(), context, page)
  payForDocuments(context, query.meter, page.documents)
  signal?.throwIfAborted()
  const [first] = page.documents
  if (first === undefined || query.project === undefined || plan.projected === true) return first
  return { document: query.project(first.document), revision: first.revision }
}

/** Whether the first document that is read is the one that is asked for. */
function answersFirst({ session }: ReadContext, plan: ReadPlan, { after, skip }: ParsedQuery): boolean {
  // A transaction reads page by page, each in its turn.
  if (session.transactional) return false
  return plan.exact && plan.sorted && (plan.positioned || after === undefined) && (plan.limited || skip === 0)
}

function wholeOf(context: ReadContext, plan: ReadPlan) {
  return plan.read(readCall(context, context.options)).whole
}

export function pagesOf(context: ReadContext, { plan, query, shares }: Planned): Pages {
  const pages = matchingPages(context, plan, query)
  const { project, sort } = query
  const wanted =
    sort !== undefined && !plan.sorted
      ? sortedPages(pages, query, { sort, shares })
      : plan.limited
        ? pages
        : limitedPages(pages, query)
  if (project === undefined || plan.projected === true) return wanted
  const projected = ({ document, revision }: StoredDocument) => ({ document: project(document), revision })
  return mapBatches(wanted, query.meter, () => projected)
}

/** The work of reading a document and asking a simple filter of it. */
const STEPS_OF_A_DOCUMENT = 5

async function filterPage(
  page: readonly StoredDocument[],
  { matches, meter }: ParsedQuery,
): Promise<readonly StoredDocument[]> {
  meter.work(page.length * STEPS_OF_A_DOCUMENT)
  const matching: StoredDocument[] = []
  for (const stored of page) {
    if (matches(stored.document)) matching.push(stored)
    if (meter.tired) await meter.rest()
  }
  return matching
}

async function* matchingPages(
  context: ReadContext,
  plan: ReadPlan,
  query: ParsedQuery,
): AsyncGenerator<readonly StoredDocument[], void> {
  const { session, options } = context
  const { signal } = options
  const spending = context.spending ?? noSpending()
  const { after, sort } = query
  const isBehind =
    plan.positioned || after === undefined || sort === undefined ? undefined : isAfter(sort, after, assertPosition)
  signal?.throwIfAborted()
  const read = plan.read(readCall(context, options))
  for await (const page of session.transactional ? inTurns(session, read) : read) {
    spend(spending, context, page)
    payForDocuments(context, query.meter, page.documents)
    const matching = plan.exact ? page.documents : await filterPage(page.documents, query)
    yield isBehind === undefined ? matching : matching.filter(({ document }) => isBehind(document))
    signal?.throwIfAborted()
  }
}

async function* limitedPages(
  pages: Pages,
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

/** Documents that belong to the store leave it as copies. */
export function copyForCaller(shares: boolean): (document: Document) => Document {
  return shares ? copyValue : (document) => document
}

async function* nothing(): AsyncGenerator<readonly StoredDocument[], void> {}
