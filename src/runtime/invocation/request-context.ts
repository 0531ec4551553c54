import type { Scope } from '../../container/resolver.ts'
import type { ProblemOptions } from '../../core/problem-options.ts'
import { token, type Token } from '../../core/token.ts'
import type { TraceParent } from '../../core/tracing/trace-parent.ts'
import type { Span } from '../../core/tracing/tracer.ts'

/** What is known about the current request, message or job. Scoped: inject it, or resolve it from the scope. */
export interface RequestContext {
  /** The HTTP request; undefined for other triggers. */
  readonly request: Request | undefined
  /**
   * The IP address that the request came from, as the platform sees it: behind a proxy in front of a Node server, it is the
   * address of the proxy. Undefined for other triggers.
   */
  readonly clientAddress: string | undefined
  /** What triggered the invocation when it was not HTTP. */
  readonly event: unknown
  /** The platform's bindings or environment. */
  readonly env: object
  /** The platform's own extras: the execution context on Workers, the Lambda context, … */
  readonly platform: unknown
  /** Aborts when the client disconnects or the deadline passes. */
  readonly signal: AbortSignal
  /** When the platform will stop the invocation, in milliseconds since the epoch, if it says so. */
  readonly deadline: number | undefined
  /**
   * The subject of failures of this invocation in `onError`: the id of the message or record, the platform's id of the
   * invocation, or the request's `x-request-id` if it is well-formed; otherwise a new id.
   */
  readonly requestId: string
  /** The caller's W3C trace context, if it sent a valid one. https://www.w3.org/TR/trace-context/ */
  readonly traceParent: TraceParent | undefined
  /** The span of the request, message or job; undefined where the application has no tracer. */
  readonly span?: Span | undefined
  /** Keeps the invocation, and its scope, alive until the work is done. Rejections are reported, not thrown. */
  waitUntil(work: Promise<unknown>): void
}

/** The token of what is known about a request, message or job: every scope of an invocation has it. */
export const RequestContext: Token<RequestContext> = token<RequestContext>('RequestContext')

/** What a `fetch` handler gets as its third argument: the platform's execution context, with the request's scope. */
export interface ExecutionContext {
  /** The scope of this request; ends after the response body and all `waitUntil` work. */
  readonly scope: Scope
  readonly props: unknown
  /** The IP address that the request came from, as far as the platform can tell. */
  readonly clientAddress: string | undefined
  /** The span of this request; undefined where the application has no tracer. */
  readonly span: Span | undefined
  waitUntil(work: Promise<unknown>): void
  /**
   * Workers only, nothing elsewhere: lets the origin answer if the handler throws what would be a 5xx, which is reported
   * as always. A framework that answers exceptions by itself has to throw them again.
   */
  passThroughOnException(): void
  /**
   * Answers a failure with problem details, by the application's statuses and with the request's id. The failure is an error
   * that was thrown, or an `Err`, whose text or data the caller may see. Failures that are not the caller's are reported.
   */
  problem(failure: unknown, options?: ProblemOptions): Response
}

/** What an adapter knows of one invocation. */
export interface Invocation {
  readonly env: object
  readonly request?: Request
  readonly event?: unknown
  readonly platform?: unknown
  readonly signal?: AbortSignal
  readonly deadline?: number
  /** Keeps the invocation alive until the work has settled; what it gets never rejects. Already bound. */
  readonly waitUntil: (work: Promise<unknown>) => void
  /** Reads the address of an HTTP client from what the platform itself vouches for. Called when it is asked for. */
  readonly clientAddress?: () => string | undefined
  /** Workers only: lets the origin answer if the handler throws. Returns whether the platform does that here. */
  readonly passThroughOnException?: () => boolean
  /** Called when the body goes out as it is: its sender then has to report a failure, if it sees one. */
  readonly onUntouchedBody?: () => void
  /** What the adapter calls the trigger, where it is not HTTP: `queue`, `sqs`, `schedule`, … For traces. */
  readonly trigger?: string
  /** The queue or class that it came from, where the event does not say so. For traces. */
  readonly source?: string
  /** Overrides what the request's headers say. The adapter answers for it: it goes into logs as it is. */
  readonly requestId?: string
  /** Overrides what the request's headers say. */
  readonly traceParent?: TraceParent
}
