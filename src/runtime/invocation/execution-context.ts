import type { Container } from '../../container/container.ts'
import type { Scope } from '../../container/resolver.ts'
import { needsDisposal } from '../../container/scope.ts'
import { isCausedByAbort, isTimeout } from '../../core/abort-reason.ts'
import { TimeoutError } from '../../core/errors.ts'
import { signalFor } from '../../core/time-limit.ts'
import { errorOf, toProblemResponse } from '../../core/problem-details.ts'
import type { ProblemOptions } from '../../core/problem-options.ts'
import type { ApplicationOptions } from '../application-options.ts'
import type { Runtime } from '../runtime-traits.ts'
import { flushTraces, traceDisposal } from './trace-invocation.ts'
import { RequestContext, type ExecutionContext, type Invocation } from './request-context.ts'
import { endWith } from '../../core/tracing/traced.ts'
import { parseTraceParent, type TraceParent } from '../../core/tracing/trace-parent.ts'
import type { Span } from '../../core/tracing/tracer.ts'

const saneRequestId = /^[\w.:/+=-]{1,128}$/

/** The context of one invocation; everything that costs something is made when it is asked for. */
export class LazyRequestContext implements RequestContext {
  readonly tasks: WaitUntil
  /** Set before anything else sees the context. */
  span: Span | undefined = undefined
  /** Where the context is kept while its work runs; undefined where the platform does that. Set as early. */
  underway: Underway | undefined = undefined
  readonly #invocation: Invocation
  #signal: AbortSignal | undefined
  #requestId: string | undefined

  constructor(invocation: Invocation, onError: (error: unknown, requestId: string) => void) {
    this.#invocation = invocation
    this.tasks = new WaitUntil((error) => onError(error, this.requestId))
  }

  get request(): Request | undefined {
    return this.#invocation.request
  }

  get clientAddress(): string | undefined {
    return this.#invocation.clientAddress?.()
  }

  get event(): unknown {
    return this.#invocation.event
  }

  get env(): object {
    return this.#invocation.env
  }

  get platform(): unknown {
    return this.#invocation.platform
  }

  get deadline(): number | undefined {
    return this.#invocation.deadline
  }

  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      const { signal, request, deadline } = this.#invocation
      const signals = [signal, request?.signal].filter((s): s is AbortSignal => s !== undefined && s !== null)
      this.#signal = signalFor(signals, deadline, Date.now())
    }
    return this.#signal
  }

  /** Whether work failed only because its caller has disconnected: nothing has to be reported then. */
  isAbandonment(error: unknown): boolean {
    const left = this.request?.signal
    if (left?.aborted !== true) return false
    // A deadline may have come before.
    return this.signal.reason === left.reason && isCausedByAbort(error, left.reason)
  }

  get requestId(): string {
    if (this.#requestId === undefined) {
      const given = this.request?.headers.get('x-request-id') ?? ''
      this.#requestId = this.#invocation.requestId ?? (saneRequestId.test(given) ? given : crypto.randomUUID())
    }
    return this.#requestId
  }

  get traceParent(): TraceParent | undefined {
    const { traceParent } = this.#invocation
    return traceParent ?? parseTraceParent(this.request?.headers.get('traceparent') ?? undefined)
  }

  /** Bound, for a handler that takes it off its context: `(request, env, { scope, waitUntil }) => …`. */
  get waitUntil(): (work: Promise<unknown>) => void {
    return (work) => {
      const span = this.span?.start({ is: 'background' })
      const watched = this.tasks.add(span === undefined ? work : endWith(span, Promise.resolve(work)))
      if (this.underway !== undefined) void keepUntil(watched, this, this.underway)
      this.#invocation.waitUntil(watched)
    }
  }
}

/** One object is both contexts, so that a request costs one allocation and every `waitUntil` is seen. */
export class InvocationContext extends LazyRequestContext implements ExecutionContext {
  readonly scope: Scope
  /** Whether the platform answers in the place of a handler that fails. */
  passesThrough = false
  /** Why the answer is a 5xx, where that is known. */
  failure: unknown = undefined
  readonly #invocation: Invocation
  readonly #options: ApplicationOptions

  constructor(scope: Scope, invocation: Invocation, options: ApplicationOptions) {
    super(invocation, (error, subject) => options.onError?.({ error, phase: 'waitUntil', subject }))
    this.scope = scope
    this.#invocation = invocation
    this.#options = options
  }

  get props(): unknown {
    return (this.platform as { props?: unknown } | undefined)?.props // only Workers have them
  }

  get passThroughOnException(): () => void {
    return () => {
      if (this.#invocation.passThroughOnException?.() === true) this.passesThrough = true
    }
  }

  get problem(): (failure: unknown, options?: ProblemOptions) => Response {
    return (failure, options = {}) => {
      const { instance = this.requestId } = options
      const error = errorOf(failure)
      if (this.isAbandonment(error)) return abandoned(instance)
      const late = this.#isDeadline(error)
        ? new TimeoutError('the request cannot complete: its deadline has passed', { cause: error })
        : undefined
      const { statuses, problemTypes } = this.#options
      const response = toProblemResponse(late ?? failure, {
        ...(problemTypes !== undefined && { problemTypes }),
        ...options,
        statuses: { ...statuses, ...options.statuses },
        instance,
      })
      if (response.status >= 500) {
        this.failure = late ?? error
        this.span?.fail(this.failure)
        this.#options.onError?.({ error: this.failure, phase: 'handler', subject: this.requestId })
      }
      return response
    }
  }

  /** Whether this is what the request's signal has made of work when the time was over. */
  #isDeadline(error: unknown): boolean {
    return isTimeout(error) && error === this.signal.reason
  }
}

/** The answer to a caller who has left: nothing reads it. The status is the one that proxies log. */
function abandoned(instance: string): Response {
  const problem = { type: 'about:blank', title: 'Client Closed Request', status: 499, instance }
  return Response.json(problem, { status: 499, headers: { 'content-type': 'application/problem+json' } })
}

/**
 * Keeps the contexts of requests while work may wait for their signals. Node links the signal of a request weakly to what
 * aborts it: work that waits for that alone would be collected with its request, and its scope would never end.
 */
export type Underway = Map<PromiseLike<unknown>, object>

/** Settles like the work, during which the context is kept. */
export async function keepUntil<T>(work: PromiseLike<T>, context: object, underway: Underway): Promise<T> {
  underway.set(work, context)
  try {
    return await work
  } finally {
    underway.delete(work)
  }
}

/** What called, and where. */
export interface Platform {
  readonly invocation: Invocation
  readonly runtime: Runtime
}

/** A scope for one invocation, with its request context in place. */
export function openInvocation(
  options: ApplicationOptions,
  container: Pick<Container, 'scope'>,
  invocation: Invocation,
): InvocationContext {
  const scope = container.scope()
  const context = new InvocationContext(scope, invocation, options)
  scope.provide(RequestContext, context)
  return context
}

/** Ends a scope after its `waitUntil` work. Never rejects: failures go to the hook. */
export async function endInvocation(
  options: ApplicationOptions,
  context: InvocationContext,
  platform: Platform,
): Promise<void> {
  await context.tasks.settle()
  const { scope, span } = context
  try {
    await (span !== undefined && needsDisposal(scope) ? traceDisposal(span, scope) : scope.dispose())
  } catch (error) {
    options.onError?.({ error, phase: 'dispose', subject: context.requestId })
  }
  if (span !== undefined) flushTraces(options, platform)
}

/** Passes work on to the platform. One that refuses it may end before the work does, which is reported. */
export function keepAlive(work: Promise<unknown>, options: ApplicationOptions, { invocation }: Platform): void {
  try {
    invocation.waitUntil(work)
  } catch (error) {
    options.onError?.({ error, phase: 'waitUntil' })
  }
}

/** Work that goes on after the response, in one place, so that a scope can end after it. */
class WaitUntil {
  readonly #pending = new Set<Promise<void>>()
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  get idle(): boolean {
    return this.#pending.size === 0
  }

  /** Remembers the work. A rejection is reported, never thrown. */
  add(work: Promise<unknown>): Promise<void> {
    const forget = (): void => void this.#pending.delete(watched)
    const watched = Promise.resolve(work).then(forget, (error: unknown) => {
      forget()
      this.#onError(error)
    })
    this.#pending.add(watched)
    return watched
  }

  /** Waits until all work is done, including work that other work has added meanwhile. */
  async settle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending)
  }
}
