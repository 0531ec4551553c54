import type { Span } from '../../core/tracing/tracer.ts'
import type { Session } from './session.ts'
import type { StoreContext } from './store-context.ts'

/** The same store, for work that is traced as a part of this span. */
export function storeInSpan<S extends Pick<StoreContext, 'backOff' | 'backend' | 'context'>>(
  store: S,
  span: Span,
): S & { readonly span: Span } {
  return {
    ...store,
    span,
    context: (call) => ({ ...store.context(call), span }),
    backOff(attempt, call) {
      span.set('lexigram.attempts', attempt + 1)
      span.measure({ is: 'retry', of: 'operation', system: store.backend.name })
      return store.backOff(attempt, call)
    },
  }
}

/** The same session, whose plans, requests and retries are told to this span. */
export function sessionInSpan(session: Session, span: Span): Session {
  return {
    store: storeInSpan(session.store, span),
    transactional: session.transactional,
    open: (name, spec, context) => session.open(name, spec, context),
    inTurn: (work) => session.inTurn(work),
    markFailed: (error) => session.markFailed(error),
  }
}
