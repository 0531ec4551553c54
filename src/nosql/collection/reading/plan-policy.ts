import { UsageError } from '../../../core/errors.ts'
import type { Span } from '../../../core/tracing/tracer.ts'
import type { Explanation } from '../../contract/explanation.ts'
import type { DriverQuery, ReadPlan } from '../../contract/query.ts'
import { UnsupportedOperationError } from '../../errors.ts'
import type { ReadContext } from './read.ts'

/** @throws UsageError for a plan that claims to have limited what it cannot have limited rightly */
export function assertHonest(plan: ReadPlan, { sort, after }: DriverQuery): void {
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

/** Applies the store's policy to a plan whose cost grows with the collection. */
export function allowPlan({ session, name, options }: ReadContext, plan: ReadPlan): void {
  const { store } = session
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
export function notePlan(span: Span, { access, index, residual, scan, sort, estimatedRequests }: Explanation): void {
  span.set('lexigram.plan.access', access)
  if (index !== null) span.set('lexigram.plan.index', index)
  if (residual.length > 0) span.set('lexigram.plan.residual', residual.join(', '))
  if (sort !== 'none') span.set('lexigram.plan.sort', sort)
  span.set('lexigram.plan.scan', scan)
  span.set('lexigram.plan.requests', estimatedRequests)
}
