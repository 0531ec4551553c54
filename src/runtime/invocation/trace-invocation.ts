import { endWith } from '../../core/tracing/traced.ts'
import type { Span, Tracer } from '../../core/tracing/tracer.ts'
import type { LiveExecutionContext } from './execution-context.ts'
import type { Invocation } from './request-context.ts'

/** Begins the span of an HTTP request. */
export function traceRequest(tracer: Tracer, request: Request, context: LiveExecutionContext): Span {
  return (context.span = tracer.start({ is: 'request', request }, context.traceParent))
}

/** Begins the span of a message, job or call. */
export function traceJob(tracer: Tracer, invocation: Invocation, context: LiveExecutionContext): Span {
  const { trigger, source, event } = invocation
  return (context.span = tracer.start(
    { is: 'trigger', trigger, source, event, id: context.requestId },
    context.traceParent,
  ))
}

/** Tells a request's span how it was answered. */
export function noteResponse(span: Span, { status }: Response, failure: unknown): void {
  span.set('http.response.status_code', status)
  // What has failed is told already, where it is known.
  if (status >= 500 && failure === undefined) span.fail({ code: String(status) })
}

/** Releases what a scope holds, as a part of its span. */
export function traceDisposal(span: Span, dispose: () => void | Promise<void>): Promise<void> {
  const part = span.start({ is: 'dispose' })
  return endWith(
    part,
    part.run(async () => dispose()),
  )
}
