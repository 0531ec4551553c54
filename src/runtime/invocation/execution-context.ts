import type { Scope } from '../../container/resolver.ts'
import { isTimeout } from '../../core/abort-reason.ts'
import { TimeoutError } from '../../core/errors.ts'
import { errorOf, toProblemResponse, type ProblemOptions } from '../../core/problem-details.ts'
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
   * Answers a failure with problem details, by the application's statuses and with the request's id: an error that was
   * thrown, or an `Err`, which alone may tell the caller a text or data. What is not the caller's fault is reported.
   */
  problem(failure: unknown, options?: ProblemOptions): Response
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

  problem(failure: unknown, { statuses, instance = this.requestId }: ProblemOptions = {}): Response {
    const error = errorOf(failure)
    if (this.isAbandonment(error)) return abandoned(instance)
    const late = this.#isDeadline(error) ? new TimeoutError('the deadline has passed', { cause: error }) : undefined
    const response = toProblemResponse(late ?? failure, {
      statuses: { ...this.#options.statuses, ...statuses },
      instance,
    })
    if (response.status >= 500) this.#options.onError?.(late ?? error, 'handler', this.requestId)
    return response
  }

  /** Whether this is what the request's signal has made of work when the time was over. */
  #isDeadline(error: unknown): boolean {
    return isTimeout(error) && error === this.signal.reason
  }
}

/** The answer to a caller who has left: nobody reads it. The status is the one that proxies log. */
function abandoned(instance: string): Response {
  const problem = { type: 'about:blank', title: 'Client Closed Request', status: 499, instance }
  return Response.json(problem, { status: 499, headers: { 'content-type': 'application/problem+json' } })
}
