import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import type { RuntimeTraits } from './provider.ts'
import type { Scope } from '../container/resolver.ts'
import type { ApplicationOptions, ReportedError } from './application-options.ts'
import { assertApplicationOptions } from './application-checks.ts'
import { assertEnvironment } from '../core/assert-argument.ts'
import { ApplicationCache, type ServedApplication } from './process/boot-cache.ts'
import { withTraceId } from './with-trace-id.ts'
import { handleRequest } from './invocation/answer-request.ts'
import { guardedTracer } from '../core/tracing/guarded-tracer.ts'
import { guardedWriter, logErrorsTo } from './log/application-log.ts'
import type { Invocation } from './invocation/request-context.ts'
import { runJob } from './invocation/run-job.ts'
import { bootApplication, type RunningApplication } from './process/running-application.ts'
import { sharedRuntime, type Runtime } from './runtime-traits.ts'

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
  /**
   * Answers one request: boots once per environment, opens a scope, ends it after the body. Rejects only with what
   * `passThroughOnException` lets pass.
   */
  handle(request: Request, invocation: Invocation, runtime: Runtime): Promise<Response>
  /** Runs one message or job in a new scope and ends the scope. Rejects with what `work` threw. */
  run<T>(work: (scope: Scope) => T | Promise<T>, invocation: Invocation, runtime: RuntimeTraits): Promise<T>
}

/** Options of `start` of an application. */
export interface StartOptions {
  /** Whether `onError` gets a boot's failure, too: once, however many callers wait for that boot. @default false */
  readonly report?: boolean
}

const startChecks = { report: must.beBoolean } satisfies Readonly<Record<keyof StartOptions, OptionCheck>>

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
  assertApplicationOptions(given)
  const log = guardedWriter(given.log)
  const options = {
    ...given,
    log,
    onError: guardedHook(given.onError ?? logErrorsTo(log)),
    ...(given.tracer !== undefined && { tracer: guardedTracer(given.tracer) }),
  }
  options.tracer?.reportTo((error) => options.onError({ error, phase: 'trace' }))
  const reportBoot = (error: unknown): void => options.onError({ error, phase: 'boot' })
  const cache = new ApplicationCache((env, runtime) => bootApplication(options, { env, runtime }))
  const served: ServedApplication = { options, cache, underway: new Map() }
  return {
    name: options.name,
    options,
    boot: async (env, runtime = sharedRuntime) => {
      assertEnvironment(env)
      return bootApplication(options, { env, runtime })
    },
    start: async (env, runtime, start = {}) => {
      const { report = false } = assertOptions(start, startChecks, 'the options of start')
      return cache.peek(env) ?? cache.get(env, runtime, report ? reportBoot : undefined)
    },
    stop: (env) => cache.stop(env),
    handle: (request, invocation, runtime) => handleRequest(request, served, { invocation, runtime }),
    run: (work, invocation, runtime) => runJob(work, served, { invocation, runtime }),
  }
}

type Hook = (report: ReportedError) => unknown

/** A hook that can fail nothing: it runs where a scope has to end or a response has to go out. */
function guardedHook(onError: Hook): NonNullable<ApplicationOptions['onError']> {
  return (report) => void callHook(onError, withTraceId(report))
}

async function callHook(onError: Hook, report: ReportedError): Promise<void> {
  try {
    await onError(report)
  } catch {
    // There is no other hook to call.
  }
}
