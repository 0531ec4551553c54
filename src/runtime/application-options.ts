import type { ConfigDefinition } from '../config/define-config.ts'
import type { LogWriter } from '../core/log/log.ts'
import type { Tracer } from '../core/tracing/tracer.ts'
import type { ExecutionContext } from './invocation/request-context.ts'
import type { Provider } from './provider.ts'

/** A Hono app's `fetch`, or any function from request to response. */
export type Fetch = (request: Request, env: never, context: ExecutionContext) => Response | Promise<Response>

/** The part of the lifecycle in which an error passed to `onError` occurred. */
export type ErrorPhase = 'boot' | 'handler' | 'stream' | 'waitUntil' | 'dispose' | 'provider' | 'health' | 'trace'

/** What `onError` receives. */
export interface ReportedError {
  /** What was thrown. It may name hosts: it is for logs. */
  readonly error: unknown
  readonly phase: ErrorPhase
  /** What the error is about: the request's id, which its answer has as `instance`, the message's id, or a provider's name. */
  readonly subject?: string | undefined
  /** The trace that the error occurred in. */
  readonly traceId?: string | undefined
}

/** What `createApplication` makes an application of. */
export interface ApplicationOptions {
  /** For diagnostics. */
  readonly name: string
  /** What is read from the environment; each section can be injected. @default nothing */
  readonly config?: ConfigDefinition
  /** @default [] */
  readonly providers?: readonly Provider[]
  /** Answers HTTP requests. Without it every request is a 404. */
  readonly fetch?: Fetch
  /** Where `live`, `ready` and `startup` are served; false serves none. @default '/health' */
  readonly health?: string | false
  /**
   * Called with every error that is not the caller's fault. What the hook throws or rejects with is dropped.
   * @default a line of the log
   */
  readonly onError?: (report: ReportedError) => void
  /**
   * Where the lines of `Log` go, and errors without `onError`. The level is that of `LEX_LOG__LEVEL`.
   * @default one line of JSON on the console
   */
  readonly log?: LogWriter
  /** How long one disposer may take at the end of a scope, in milliseconds. @default 5000 */
  readonly disposeTimeout?: number
  /**
   * Traces boots, requests, messages and jobs, and what they do: statements, operations on documents, background work.
   * Made by `createTracer`, or by an entry for a place that traces go to. @default nothing is traced, which costs nothing
   */
  readonly tracer?: Tracer
  /** HTTP status by error code, for the application's own errors. @default {} */
  readonly statuses?: Readonly<Record<string, number>>
  /**
   * What the `type` of problem responses begins with; the error's code follows. The address of a page that describes each
   * code under an anchor: `https://docs.example.com/errors.html#`. @default 'urn:lexigram:'
   */
  readonly problemTypes?: string
}
