import type { Span } from '../../core/tracing/tracer.ts'
import type { Explanation } from '../contract/explanation.ts'

/** Tells a span how documents are found. Paths and operators only: what is compared with them is data. */
export function notePlan(span: Span, { access, index, residual, scan, sort, estimatedRequests }: Explanation): void {
  span.set('lexigram.plan.access', access)
  if (index !== null) span.set('lexigram.plan.index', index)
  if (residual.length > 0) span.set('lexigram.plan.residual', residual.join(', '))
  if (sort !== 'none') span.set('lexigram.plan.sort', sort)
  span.set('lexigram.plan.scan', scan)
  span.set('lexigram.plan.requests', estimatedRequests)
}
