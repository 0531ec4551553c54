import { isCausedByAbort } from '../../core/abort-reason.ts'
import { token, type Token } from '../../core/token.ts'
import { signalFor } from './deadline.ts'
import { parseTraceParent, type TraceParent } from './trace-parent.ts'
import { WaitUntil } from './wait-until.ts'

/** What the current request, message or job brings along. Scoped: inject it, or resolve it from the scope. */
export interface RequestContext {
  /** The HTTP request; undefined for other triggers. */
  readonly request: Request | undefined
  /** What triggered the invocation when it was not HTTP. */
  readonly event: unknown
  /** The platform's bindings or environment. */
  readonly env: object
  /** The platform's own extras: the execution context on Workers, the Lambda context, … */
  readonly platform: unknown
  /** Aborts when the client leaves or the deadline passes. */
  readonly signal: AbortSignal
  /** When the platform will stop the invocation, in milliseconds since the epoch, if it says so. */
  readonly deadline: number | undefined
  /** From `x-request-id` when it is a sane one, otherwise made here. */
  readonly requestId: string
  /** The caller's W3C trace context, if it sent a valid one. https://www.w3.org/TR/trace-context/ */
  readonly traceParent: TraceParent | undefined
  /** Keeps the invocation, and its scope, alive until the work is done. Rejections are reported, not thrown. */
  waitUntil(work: Promise<unknown>): void
}

export const RequestContext: Token<RequestContext> = token<RequestContext>('RequestContext')

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
  /** Workers only: lets the origin answer if the handler throws. */
  readonly passThroughOnException?: () => void
  /** Called when the body goes out as it is: whoever sends it then has to report its failure, if they see one. */
  readonly onUntouchedBody?: () => void
  /** Overrides what the request's headers say. */
  readonly requestId?: string
}

const saneRequestId = /^[\w.:/+=-]{1,128}$/

/** The context of one invocation; everything that costs something is made when it is asked for. */
export class LiveRequestContext implements RequestContext {
  readonly tasks: WaitUntil
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

  /** Whether an error is only what became of work because the caller has left: nothing has failed then. */
  isAbandonment(error: unknown): boolean {
    const left = this.request?.signal
    if (left?.aborted !== true) return false
    // A deadline may have come before.
    return this.signal.reason === left.reason && isCausedByAbort(error, left.reason)
  }

  get requestId(): string {
    if (this.#requestId === undefined) {
      const given = this.#invocation.requestId ?? this.request?.headers.get('x-request-id') ?? ''
      this.#requestId = saneRequestId.test(given) ? given : crypto.randomUUID()
    }
    return this.#requestId
  }

  get traceParent(): TraceParent | undefined {
    return parseTraceParent(this.request?.headers.get('traceparent') ?? undefined)
  }

  waitUntil(work: Promise<unknown>): void {
    const watched = this.tasks.add(work)
    this.#invocation.waitUntil(watched)
  }
}
