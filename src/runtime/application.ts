import type { ConfigDefinition } from '../config/define-config.ts'
import type { Provider, RuntimeTraits } from './provider.ts'
import type { Scope } from '../container/resolver.ts'
import { UsageError } from '../core/errors.ts'
import type { LogWriter } from '../core/log/log.ts'
import { traceIdOf } from '../core/tracing/error-trace.ts'
import type { Tracer } from '../core/tracing/tracer.ts'
import { assertArgument, assertEnvironment, assertList } from './assert-argument.ts'
import { ApplicationCache } from './process/boot-cache.ts'
import type { ExecutionContext } from './invocation/execution-context.ts'
import { handleRequest } from './invocation/answer-request.ts'
import { guardedWriter } from './log/guarded-writer.ts'
import { logErrorsTo } from './log/log-error.ts'
import type { Invocation } from './invocation/request-context.ts'
import { runJob } from './invocation/run-job.ts'
import { bootApplication, type RunningApplication } from './process/running-application.ts'
import { sharedRuntime, type Runtime } from './runtime-traits.ts'

/** A Hono app's `fetch`, or any function from request to response. */
export type Fetch = (request: Request, env: never, context: ExecutionContext) => Response | Promise<Response>

/** The part of the lifecycle in which an error passed to `onError` occurred. */
export type ErrorPhase = 'boot' | 'handler' | 'stream' | 'waitUntil' | 'dispose' | 'provider' | 'health' | 'trace'

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
   * Told of every error that is not the caller's fault. The error may name hosts: it is for logs. `subject` says what it
   * is about, where that is known: the id of the request, which is the `instance` of its answer, that of the message, or
   * the name of the provider. `traceId` is that of the trace in which it has failed, where there is one. What the hook
   * itself throws or rejects with is dropped. @default a line of the log
   */
  readonly onError?: (error: unknown, phase: ErrorPhase, subject?: string, traceId?: string) => void
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
}

/** An application that has not started: data and functions, no I/O. Start it through an adapter, or `boot`. */
export interface Application {
  readonly name: string
  readonly options: ApplicationOptions
  /** Registers, seals and boots. Each call returns another running application, which the caller disposes of. */
  boot(env: object, runtime?: RuntimeTraits): Promise<RunningApplication>
  /**
   * Boots what `handle` and `run` will use for this environment, before the first of them; again and it is the same.
   * Rejects with what the boot failed with, and boots again the next time.
   */
  start(env: object, runtime: Runtime, options?: StartOptions): Promise<RunningApplication>
  /** Shuts down what `handle`, `run` and `start` have booted for this environment. The next call boots anew. */
  stop(env: object): Promise<void>
  /** Answers one request: boots once per environment, opens a scope, ends it after the body. Never rejects. */
  handle(request: Request, invocation: Invocation, runtime: Runtime): Promise<Response>
  /** Runs one message or job in a new scope and ends the scope. Rejects with what `work` threw. */
  run<T>(work: (scope: Scope) => T | Promise<T>, invocation: Invocation, runtime: RuntimeTraits): Promise<T>
}

export interface StartOptions {
  /** Whether `onError` gets a boot's failure, too: once, however many callers wait for that boot. @default false */
  readonly report?: boolean
}

/**
 * Puts an application together. Nothing runs until an adapter's entry point is called or `boot` is.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options, such as a provider's factory that was not called
 * @example
 * import { createApplication } from 'lexigram-edge'
 *
 * export const app = createApplication({ name: 'catalog', providers: [catalog], fetch: routes.fetch })
 */
export function createApplication(given: ApplicationOptions): Application {
  assertOptions(given)
  const log = guardedWriter(given.log)
  const options = { ...given, log, onError: harmless(given.onError ?? logErrorsTo(log)) }
  options.tracer?.reportTo((error) => options.onError(error, 'trace'))
  const reportBoot = (error: unknown): void => options.onError(error, 'boot')
  const memo = new ApplicationCache((env, runtime) => bootApplication(options, env, runtime))
  return {
    name: options.name,
    options,
    boot: async (env, runtime = sharedRuntime) => {
      assertEnvironment(env)
      return bootApplication(options, env, runtime)
    },
    start: async (env, runtime, { report = false } = {}) =>
      memo.peek(env) ?? memo.get(env, runtime, report ? reportBoot : undefined),
    stop: (env) => memo.stop(env),
    handle: (request, invocation, runtime) => handleRequest(options, memo, { ...invocation, request }, runtime),
    run: (work, invocation, runtime) => runJob(options, memo, { invocation, runtime }, work),
  }
}

function assertOptions(given: ApplicationOptions): void {
  assertArgument(given, 'the argument of createApplication', { hint: "createApplication({ name: 'app', fetch })" })
  const { providers = [], config, fetch, tracer, log } = given
  assertList(providers, 'the providers of the application', {
    members: ['name'],
    hint: 'providers: [sqlProvider({ … })]',
  })
  if (config !== undefined) {
    assertArgument(config, 'config', { members: ['load', 'sections'], hint: 'config: defineConfig({ … })' })
  }
  if (tracer !== undefined) {
    const hint = 'tracer: createTracer(sink), or that of a sink, such as openTelemetry()'
    assertArgument(tracer, 'tracer', { members: ['start', 'reportTo'], hint })
  }
  if (log !== undefined && typeof log !== 'function') {
    throw new UsageError('log must be a function of a record', { hint: 'log: (record) => …' })
  }
  if (fetch !== undefined && typeof fetch !== 'function') {
    throw new UsageError('fetch must be a function', { hint: 'For a Hono app: fetch: app.fetch' })
  }
}

type Hook = (...args: Parameters<NonNullable<ApplicationOptions['onError']>>) => unknown

/** A hook that can fail nothing: it runs where a scope has to end or a response has to go out. */
function harmless(onError: Hook): NonNullable<ApplicationOptions['onError']> {
  return (...args) => {
    const [error, phase, subject] = args
    const traceId = traceIdOf(error)
    void tell(onError, traceId === undefined ? args : [error, phase, subject, traceId])
  }
}

async function tell(onError: Hook, args: Parameters<Hook>): Promise<void> {
  try {
    await onError(...args)
  } catch {
    // There is no other hook to tell.
  }
}
