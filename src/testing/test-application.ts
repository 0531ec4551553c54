import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import type { Container } from '../container/container.ts'
import type { Scope } from '../container/resolver.ts'
import type { Token } from '../core/token.ts'
import { UsageError } from '../core/errors.ts'
import type { Application } from '../runtime/application.ts'
import type { ReportedError } from '../runtime/application-options.ts'
import { assertApplication } from '../runtime/assert-application.ts'
import { ApplicationCache } from '../runtime/process/boot-cache.ts'
import { within } from '../core/time-limit.ts'
import { withTraceId } from '../runtime/with-trace-id.ts'
import { handleRequest } from '../runtime/invocation/answer-request.ts'
import { runJob } from '../runtime/invocation/run-job.ts'
import { bootApplication, type Override } from '../runtime/process/running-application.ts'
import { sharedRuntime, type Runtime } from '../runtime/runtime-traits.ts'

/** Options of `startTestApplication`. */
export interface TestApplicationOptions {
  /** The environment that configuration is read from. @default {} */
  readonly env?: object
  /** Instances that take the place of what tokens would make; see {@link override}. @default [] */
  readonly overrides?: readonly Override[]
  /** @default one that shares sockets and promises, as Node does */
  readonly runtime?: Runtime
}

const optionChecks = {
  env: must.beObject,
  overrides: must.beArray,
  runtime: must.beObject,
} satisfies Readonly<Record<keyof TestApplicationOptions, OptionCheck>>

/** A booted application that keeps what a platform would have swallowed. Disposing of it settles and shuts it down. */
export interface TestApplication extends AsyncDisposable {
  readonly container: Container
  /** Everything the application reported, in order. */
  readonly errors: readonly ReportedError[]
  /** Sends a request through the whole lifecycle. A path is completed with a host. */
  fetch(request: Request | string, init?: RequestInit): Promise<Response>
  /** Runs one message or job in its own scope. */
  run<T>(work: (scope: Scope) => T | Promise<T>, event?: unknown): Promise<T>
  /** Waits until every scope of an answered request has ended. Read the bodies first: a scope ends with its body. */
  settled(): Promise<void>
}

/** In milliseconds: longer than a disposer's own limit, and shorter than Vitest's for a hook, which would hide the hint. */
const settleLimit = 8_000

/** Binds a token to this instance; checked against the token's type. */
export function override<T>(token: Token<T>, instance: T): Override {
  return { token, instance }
}

/**
 * Boots an application for a test.
 *
 * @example
 * import { override, startTestApplication } from 'lexigram-edge/testing'
 *
 * await using app = await startTestApplication(createApp(), { overrides: [override(Clock, { now: () => 0 })] })
 * const response = await app.fetch('/products')
 */
export async function startTestApplication(
  app: Application,
  options: TestApplicationOptions = {},
): Promise<TestApplication> {
  assertApplication(app)
  const {
    env = {},
    overrides = [],
    runtime = sharedRuntime,
  } = assertOptions(options, optionChecks, 'the options of startTestApplication')
  const errors: ReportedError[] = []
  const watched = {
    ...app.options,
    onError(report: ReportedError): void {
      errors.push(withTraceId(report))
      app.options.onError?.(report)
    },
  }
  const cache = new ApplicationCache(() => bootApplication(watched, { env, runtime, overrides }))
  const served = { options: watched, cache, underway: new Map() }
  const running = await cache.get(env, runtime)
  const background = new Set<Promise<unknown>>()
  const waitUntil = (work: Promise<unknown>): void => {
    background.add(work)
    void work.finally(() => background.delete(work))
  }
  const settled = async (): Promise<void> => {
    while (background.size > 0) await Promise.all(background)
  }
  return {
    container: running.container,
    errors,
    settled,
    fetch: (request, init) => {
      const target = typeof request === 'string' ? new URL(request, 'https://app.test') : request
      // What is in a Request stays, and `init` takes precedence, as with `fetch`.
      const sent = target instanceof URL || init !== undefined ? new Request(target, init) : target
      return handleRequest(sent, served, { invocation: { env, waitUntil }, runtime })
    },
    run: (work, event) => runJob(work, served, { invocation: { env, event, waitUntil }, runtime }),
    async [Symbol.asyncDispose]() {
      try {
        await within(settled(), settleLimit, 'the end of every scope')
      } catch (cause) {
        const hint = 'Read or cancel the body of every response: a scope ends with its body.'
        throw new UsageError(`${background.size} scope(s) cannot end`, { hint, cause })
      } finally {
        await running.shutdown()
      }
    },
  }
}
