import type { Scope } from '../container/resolver.ts'
import { LiveRequestContext, type Invocation } from './request-context.ts'

/** What a `fetch` handler gets as its third argument: the platform's execution context, with the request's scope. */
export interface ExecutionContext {
  /** The scope of this request; ends after the response body and all `waitUntil` work. */
  readonly scope: Scope
  readonly props: unknown
  waitUntil(work: Promise<unknown>): void
  /** Workers only, nothing elsewhere: lets the origin answer if the handler throws. */
  passThroughOnException(): void
}

/** One object is both contexts, so that a request costs one allocation and every `waitUntil` is seen. */
export class LiveExecutionContext extends LiveRequestContext implements ExecutionContext {
  readonly scope: Scope
  readonly #invocation: Invocation

  constructor(scope: Scope, invocation: Invocation, onError: (error: unknown) => void) {
    super(invocation, onError)
    this.scope = scope
    this.#invocation = invocation
  }

  get props(): unknown {
    return (this.platform as { props?: unknown } | undefined)?.props
  }

  passThroughOnException(): void {
    this.#invocation.passThroughOnException?.()
  }
}
