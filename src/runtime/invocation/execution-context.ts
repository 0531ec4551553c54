import type { Scope } from '../../container/resolver.ts'
import { TimeoutError } from '../../core/errors.ts'
import { toProblemResponse, type ProblemOptions } from '../../core/problem-details.ts'
import type { ApplicationOptions } from '../application.ts'
import { LiveRequestContext, type Invocation } from './request-context.ts'

/** What a `fetch` handler gets as its third argument: the platform's execution context, with the request's scope. */
export interface ExecutionContext {
  /** The scope of this request; ends after the response body and all `waitUntil` work. */
  readonly scope: Scope
  readonly props: unknown
  waitUntil(work: Promise<unknown>): void
  /** Workers only, nothing elsewhere: lets the origin answer if the handler throws. */
  passThroughOnException(): void
  /**
   * Answers a failure with problem details, by the application's statuses and with the request's id. What is not the
   * caller's fault is reported.
   */
  problem(error: unknown, options?: ProblemOptions): Response
}

/** One object is both contexts, so that a request costs one allocation and every `waitUntil` is seen. */
export class LiveExecutionContext extends LiveRequestContext implements ExecutionContext {
  readonly scope: Scope
  readonly #invocation: Invocation
  readonly #options: ApplicationOptions

  constructor(scope: Scope, invocation: Invocation, options: ApplicationOptions) {
    super(invocation, (error, requestId) => options.onError?.(error, 'waitUntil', requestId))
    this.scope = scope
    this.#invocation = invocation
    this.#options = options
  }

  get props(): unknown {
    return (this.platform as { props?: unknown } | undefined)?.props
  }

  passThroughOnException(): void {
    this.#invocation.passThroughOnException?.()
  }

  problem(thrown: unknown, { statuses, instance = this.requestId }: ProblemOptions = {}): Response {
    const error = this.#isDeadline(thrown) ? new TimeoutError('the deadline has passed', { cause: thrown }) : thrown
    const all = { ...this.#options.statuses, ...statuses }
    const response = toProblemResponse(error, { statuses: all, instance })
    if (response.status >= 500) this.#options.onError?.(error, 'handler', this.requestId)
    return response
  }

  /** Whether this is what the request's signal gives to whoever works with it when the time is over. */
  #isDeadline(error: unknown): boolean {
    return error instanceof DOMException && error.name === 'TimeoutError' && error === this.signal.reason
  }
}
