import type { DriverCollection } from '../contract/driver-collection.ts'
import type { DriverQuery, ReadPlan, StoredDocument } from '../contract/query.ts'
import { isThenable } from '../../core/time-limit.ts'
import { BudgetExceededError, UnsupportedOperationError } from '../errors.ts'
import type { Session } from '../store/session.ts'
import type { OperationOptions } from './checks/operation-options.ts'
import { type Meter, sortSteps } from '../query/meter.ts'
import { compareSortValues, compileSortValues, type SortKey, type SortValues } from '../query/sort.ts'
import type { Document } from '../query/value.ts'

/** A checked query with what is needed to finish here what the backend leaves. */
export interface ParsedQuery extends DriverQuery {
  readonly matches: (document: Document) => boolean
  readonly meter: Meter
  /** What becomes of each document at the end. */
  readonly project?: ((document: Document) => Document) | undefined
}

export interface ReadContext {
  readonly session: Session
  readonly name: string
  readonly options: OperationOptions
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
  const planned = collection.plan(reading, context.session.store.context(context.options))
  const plan = isThenable(planned) ? await planned : planned
  allowPlan(context, plan)
  const pages = matchingPages(context, plan, reading)
  const { project, sort } = reading
  const wanted =
    sort !== undefined && !plan.sorted
      ? sortedPages(pages, reading, sort)
      : plan.limited
        ? pages
        : limitedPages(pages, reading)
  if (project === undefined || plan.projected === true) yield* wanted
  else yield* projectedPages(wanted, project, reading.meter)
}

/** Bytes that a page may need. */
const FULL = 8 * 1024 * 1024

async function* projectedPages(
  pages: AsyncIterable<readonly StoredDocument[]>,
  project: (document: Document) => Document,
  meter: Meter,
): AsyncGenerator<readonly StoredDocument[], void> {
  for await (const page of pages) {
    const { allocated } = meter
    let projected: StoredDocument[] = []
    for (const { document, revision } of page) {
      projected.push({ document: project(document), revision })
      if (meter.tired) await meter.rest()
      if (meter.allocated - allocated < FULL) continue
      yield projected
      projected = []
      meter.release(allocated)
    }
    if (projected.length > 0) yield projected
    meter.release(allocated)
  }
}

/** The work of reading a document and asking a simple filter of it. */
const STEPS_OF_A_DOCUMENT = 5

async function filterPage(
  page: readonly StoredDocument[],
  matches: (document: Document) => boolean,
  meter: Meter,
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
  { session, options }: ReadContext,
  plan: ReadPlan,
  reading: ParsedQuery,
): AsyncGenerator<readonly StoredDocument[], void> {
  const { maxRequests = Infinity, maxDocuments = Infinity } = { ...session.store.budget, ...options.budget }
  const { signal } = options
  const isBehind = plan.positioned ? undefined : isAfterPosition(reading)
  let requests = 0
  let scanned = 0
  signal?.throwIfAborted()
  for await (const page of plan.read(session.store.context(options))) {
    scanned += page.scanned
    requests += page.requests
    if (requests > maxRequests) throw overBudget('requests', maxRequests)
    if (scanned > maxDocuments) throw overBudget('documents', maxDocuments)
    const { documents } = page
    const matching = plan.exact ? documents : await filterPage(documents, reading.matches, reading.meter)
    yield isBehind === undefined ? matching : matching.filter(({ document }) => isBehind(document))
    signal?.throwIfAborted()
  }
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

const STEPS_OF_A_KEY = 3
const BYTES_OF_A_SORTED_DOCUMENT = 160

async function* sortedPages(
  pages: AsyncIterable<readonly StoredDocument[]>,
  { skip, limit, meter }: ParsedQuery,
  sort: readonly SortKey[],
): AsyncGenerator<readonly StoredDocument[], void> {
  const valuesOf = compileSortValues(sort, meter)
  const compare = compareSortValues(sort, meter)
  const wanted = skip + limit
  let longest = 0
  let found: { readonly stored: StoredDocument; readonly values: SortValues }[] = []
  for await (const page of pages) {
    meter.work(page.length * sort.length * STEPS_OF_A_KEY)
    for (const stored of page) found.push({ stored, values: valuesOf(stored.document) })
    if (found.length > longest) {
      meter.holdBytes((found.length - longest) * BYTES_OF_A_SORTED_DOCUMENT)
      longest = found.length
    }
    if (meter.tired) await meter.rest()
    // What stands behind the last one wanted is not kept, so that a short answer needs little memory.
    if (found.length <= wanted * 2 + 1000) continue
    meter.work(sortSteps(found.length) * STEPS_OF_A_KEY)
    found = found.sort((a, b) => compare(a.values, b.values)).slice(0, wanted)
  }
  meter.work(sortSteps(found.length) * STEPS_OF_A_KEY)
  const sorted = found.sort((a, b) => compare(a.values, b.values)).slice(skip, wanted)
  if (sorted.length > 0) yield sorted.map(({ stored }) => stored)
}

/** Tells documents behind the place where a page begins; undefined when there is none. */
function isAfterPosition({ after, sort }: ParsedQuery): ((document: Document) => boolean) | undefined {
  if (after === undefined || sort === undefined) return undefined
  const valuesOf = compileSortValues(sort)
  const compare = compareSortValues(sort)
  return (document) => compare(valuesOf(document), after) > 0
}

/** Applies the store's policy to a plan whose cost grows with the collection. */
export function allowPlan({ session, name, options }: ReadContext, { explanation }: ReadPlan): void {
  const { store } = session
  const policy = options.work ?? store.work
  const sorts = explanation.sort === 'client' && explanation.access !== 'get'
  if (policy === 'allow' || (policy === 'warn' && store.onWarning === undefined) || (!explanation.scan && !sorts))
    return
  const wanted = explanation.requiredIndexes.map((keys) => JSON.stringify(keys)).join(' or ')
  const what = explanation.scan ? 'reads the whole collection' : 'sorts outside of the backend'
  const message = `A query on '${name}' ${what}${wanted === '' ? '' : `; an index on ${wanted} would avoid it`}.`
  if (policy === 'deny') {
    throw new UnsupportedOperationError(message, {
      hint: wanted === '' ? "Pass { work: 'allow' } where this is meant." : `Create an index on ${wanted}.`,
      details: { collection: name, requiredIndexes: explanation.requiredIndexes },
    })
  }
  const shape = `${name}\n${message}\n${explanation.residual.join('\n')}`
  if (store.warned.has(shape) || store.warned.size > 1000) return
  store.warned.add(shape)
  store.onWarning?.({ collection: name, message, explanation })
}

function overBudget(what: string, limit: number): BudgetExceededError {
  return new BudgetExceededError(`The operation would read more than ${limit} ${what}.`, {
    hint: 'Narrow the filter, add an index, or raise the budget.',
    details: { limit, what },
  })
}
