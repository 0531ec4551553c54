import type { Span } from '../../core/tracing/tracer.ts'
import type { CollectionSpec } from '../contract/define-collection.ts'
import type { DriverContext } from '../contract/context.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import type { Session, StoreContext } from './session.ts'

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
