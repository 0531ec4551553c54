import { callContext, type Session } from '../../store/session.ts'
import { UsageError } from '../../../core/errors.ts'
import { isThenable } from '../../../core/time-limit.ts'
import type { Span } from '../../../core/tracing/tracer.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { Explanation } from '../../contract/explanation.ts'
import type { DriverQuery, ReadPlan } from '../../contract/query.ts'
import { UnsupportedOperationError } from '../../errors.ts'
import { hideExpired } from '../expiry/expiry.ts'
import type { ParsedQuery } from './parsed-query.ts'
import type { ReadContext } from './read.ts'

/** The plan for a query and what it was made for, which leaves the expired out. */
export interface Planned {
  readonly plan: ReadPlan
  readonly query: ParsedQuery
  /** What is read is in memory anyway: holding it costs no more than a reference. */
  readonly shares: boolean
}

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
    assertHonest(plan, query)
    allowPlan(context, plan)
    if (session.span !== undefined) notePlan(session.span, plan.explain())
    return { plan, query, shares: sharesDocuments(session, collection) }
  }
  if (session.transactional) return session.inTurn(async () => accept(await collection.plan(query, call)))
  const plan = collection.plan(query, call)
  return isThenable(plan) ? plan.then(accept) : accept(plan)
}

/** @throws UsageError for a plan that claims to have limited what it cannot have limited rightly */
function assertHonest(plan: ReadPlan, { sort, after }: DriverQuery): void {
  if (!plan.limited) return
  const missing = !plan.exact
    ? 'exact'
    : sort !== undefined && !plan.sorted
      ? 'sorted'
      : after !== undefined && !plan.positioned
        ? 'positioned'
        : undefined
  if (missing === undefined) return
  throw new UsageError(`a plan cannot be limited: it is not ${missing}`, {
    hint: `Correct the plan of the driver: set ${missing} too, or leave limited to the portable layer.`,
  })
}

/** Whether nothing becomes of a scan. */
export function isPolicyLax({ session: { store }, options }: Pick<ReadContext, 'session' | 'options'>): boolean {
  const policy = options.scans ?? store.scans
  return policy === 'allow' || (policy === 'warn' && store.onWarning === undefined)
}

/** Applies the store's policy to a plan whose cost grows with the collection. */
function allowPlan({ session, name, options }: ReadContext, plan: ReadPlan): void {
  const { store } = session
  if (isPolicyLax({ session, options })) return
  // Worked out only where somebody looks at it.
  const explanation = plan.explain()
  const sorts = explanation.sort === 'client' && explanation.access !== 'get'
  if (!explanation.scan && !sorts) return
  const wanted = explanation.requiredIndexes.map((keys) => JSON.stringify(keys)).join(' or ')
  const what = explanation.scan ? 'reads the whole collection' : 'sorts outside of the backend'
  const message = `a query on '${name}' ${what}${wanted === '' ? '' : `; an index on ${wanted} would avoid it`}`
  if ((options.scans ?? store.scans) === 'deny') {
    throw new UnsupportedOperationError(message, {
      hint: wanted === '' ? "Pass { scans: 'allow' } to allow it." : `Create an index on ${wanted}.`,
      details: { collection: name, requiredIndexes: explanation.requiredIndexes },
    })
  }
  const shape = `${store.name}\n${name}\n${message}\n${explanation.residual.join('\n')}`
  if (store.warned.has(shape) || store.warned.size > 1000) return
  store.warned.add(shape)
  store.onWarning?.({ collection: name, message, explanation })
}

/** Tells a span how documents are found. Paths and operators only: what is compared with them is data. */
function notePlan(span: Span, { access, index, residual, scan, sort, estimatedRequests }: Explanation): void {
  span.set('lexigram.plan.access', access)
  if (index !== null) span.set('lexigram.plan.index', index)
  if (residual.length > 0) span.set('lexigram.plan.residual', residual.join(', '))
  if (sort !== 'none') span.set('lexigram.plan.sort', sort)
  span.set('lexigram.plan.scan', scan)
  span.set('lexigram.plan.requests', estimatedRequests)
}
