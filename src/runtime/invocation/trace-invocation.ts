import type { OnReleased } from '../../container/resolution/disposal.ts'
import type { Scope } from '../../container/resolver.ts'
import { disposeObserved } from '../../container/scope.ts'
import { isResult } from '../../core/result/result.ts'
import { endWith } from '../../core/tracing/traced.ts'
import type { Span, Tracer } from '../../core/tracing/tracer.ts'
import type { ApplicationOptions, Fetch } from '../application-options.ts'
import type { RuntimeTraits } from '../provider.ts'
import type { ExecutionContext, Invocation, RequestContext } from './request-context.ts'

/** A context that keeps the span of its invocation. */
type TracedContext = RequestContext & { span: Span | undefined }

/** Begins the span of an HTTP request. */
export function traceRequest(tracer: Tracer, request: Request, context: TracedContext): Span {
  return (context.span = tracer.start({ is: 'request', request }, context.traceParent))
}

/** Begins the span of a message, job or call. */
export function traceJob(tracer: Tracer, invocation: Invocation, context: TracedContext): Span {
  const { trigger, source, event } = invocation
  return (context.span = tracer.start(
    { is: 'trigger', trigger, source, event, id: context.requestId },
    context.traceParent,
  ))
}

/** Tells a request's span how it was answered. */
export function noteResponse(span: Span, { status }: Response, failure: unknown): void {
  span.set('http.response.status_code', status)
  // Where the cause is known, the span has it already.
  if (status >= 500 && failure === undefined) span.fail({ code: String(status) })
}

/** Where an invocation runs, and what keeps it going. */
interface Place {
  readonly invocation: Pick<Invocation, 'waitUntil'>
  readonly runtime: RuntimeTraits
}

/** Has what the tracer holds back sent, where the platform may stop the process when an invocation is over. */
export function flushTraces({ tracer, onError }: ApplicationOptions, { invocation, runtime }: Place): void {
  if (runtime.stopsBetweenInvocations !== true || tracer?.flush === undefined) return
  try {
    invocation.waitUntil(tracer.flush())
  } catch (error) {
    onError?.({ error, phase: 'trace' })
  }
}

// Closures are made in functions that only a traced invocation calls: V8 allocates what they capture at entry.

/** Answers a request as its span. */
export function fetchInSpan(
  span: Span,
  fetch: Fetch,
  { request, env, context }: Fetching,
): Response | Promise<Response> {
  // A handler declares the env it knows of; the platform is who keeps that promise.
  return span.run(() => fetch(request, env as never, context))
}

interface Fetching {
  readonly request: Request
  readonly env: object
  readonly context: ExecutionContext
}

/** Runs a message or job as its span, and settles like it. An `Err` is a failure. */
export function workInSpan<T>(span: Span, scope: Scope, work: (scope: Scope) => T | Promise<T>): Promise<T> {
  const noteFailure = (value: T): void => {
    if (isResult(value) && !value.ok) span.fail(value.error)
  }
  return endWith(
    span,
    span.run(async () => work(scope)),
    noteFailure,
  )
}

/** Releases of single instances that take longer are spans, in milliseconds. */
const slowReleaseMs = 50

/** Releases what a scope holds, as a part of its span; an instance whose release is slow is a part of that. */
export function traceDisposal(span: Span, scope: Scope): Promise<void> {
  const part = span.start({ is: 'dispose' })
  const noteSlow: OnReleased = ({ token }, startedAt) => {
    const durationMs = Date.now() - startedAt
    if (durationMs < slowReleaseMs) return
    part.start({ is: 'disposer', token: token.name, startedAt, durationMs }).end()
  }
  return endWith(
    part,
    part.run(() => disposeObserved(scope, noteSlow)),
  )
}
