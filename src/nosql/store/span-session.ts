import type { Span } from '../../core/tracing/tracer.ts'
import type { CollectionSpec } from '../contract/define-collection.ts'
import type { DriverContext } from '../contract/context.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { Session } from './session.ts'
import type { CallOptions, StoreContext } from './store-context.ts'

/** What a call belongs to: its store, and the span that its requests and retries are parts of. */
export type CallOrigin = Pick<Session, 'span'> & {
  readonly store: Pick<StoreContext, 'backOff' | 'backend' | 'context'>
}

/** What a call of the driver gets. */
export function callContext({ store, span }: CallOrigin, call?: CallOptions): DriverContext {
  const context = store.context(call)
  return span === undefined ? context : { ...context, span }
}

/** Waits before attempt number `attempt`, which the span counts. See `StoreContext.backOff`. */
export function backOff({ store, span }: CallOrigin, attempt: number, call?: CallOptions): Promise<boolean> {
  span?.set('lexigram.attempts', attempt + 1)
  span?.measure({ is: 'retry', of: 'operation', system: store.backend.name })
  return store.backOff(attempt, call)
}

/**
 * The same session for one operation, which sets its plan on this span; requests and retries are parts of it. A class: each
 * traced operation makes one, and closures for its methods would cost more than all the rest.
 */
export class SpanSession implements Session {
  readonly store: StoreContext
  readonly transactional: boolean
  readonly span: Span
  readonly #session: Session

  constructor(session: Session, span: Span) {
    this.store = session.store
    this.transactional = session.transactional
    this.span = span
    this.#session = session
  }

  open(name: string, spec: CollectionSpec | undefined, context: DriverContext): Promise<DriverCollection> {
    return this.#session.open(name, spec, context)
  }

  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#session.inTurn(work)
  }

  markFailed(error: Error): void {
    this.#session.markFailed(error)
  }
}
