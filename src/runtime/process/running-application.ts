import { createContainer, type Container } from '../../container/container.ts'
import { factory } from '../../container/registration.ts'
import type { RuntimeTraits } from '../provider.ts'
import type { Token } from '../../core/token.ts'
import { endWith } from '../../core/tracing/traced.ts'
import type { Span } from '../../core/tracing/tracer.ts'
import type { ApplicationOptions } from '../application.ts'
import { checkHealth, type HealthKind, type HealthReport } from '../health.ts'
import { configReader, startProviders, stopProviders } from '../lifecycle.ts'
import { LiveRequestContext } from '../invocation/execution-context.ts'
import { RequestContext } from '../invocation/request-context.ts'

/** A booted application. Disposing of it shuts its providers down in reverse order and releases the singletons. */
export interface RunningApplication extends AsyncDisposable {
  readonly container: Container
  health(kind: HealthKind): Promise<HealthReport>
  /** Never rejects: failures go to the application's `onError`. The second call does nothing. */
  shutdown(): Promise<void>
}

/** Takes the place of what a token would make; for tests. */
export interface Override {
  readonly token: Token<unknown>
  readonly instance: unknown
}

export async function bootApplication(
  options: ApplicationOptions,
  env: object,
  runtime: RuntimeTraits,
  overrides?: readonly Override[],
): Promise<RunningApplication> {
  const span = options.tracer?.start({ is: 'boot', application: options.name })
  if (span === undefined) return boot(options, { env, runtime, overrides })
  return endWith(
    span,
    span.run(() => boot(options, { env, runtime, overrides, span })),
  )
}

interface Boot {
  readonly env: object
  readonly runtime: RuntimeTraits
  readonly overrides: readonly Override[] | undefined
  readonly span?: Span
}

async function boot(options: ApplicationOptions, { env, runtime, overrides, span }: Boot): Promise<RunningApplication> {
  const report = options.onError ?? (() => {})
  const providers = options.providers ?? []
  const container = createContainer({
    socketsOutliveRequests: runtime.socketsOutliveRequests,
    sharesPending: runtime.sharesPending,
    disposeTimeout: options.disposeTimeout ?? 5000,
    testing: overrides !== undefined,
    onError: (error) => report(error, 'dispose'),
  })
  const sections = await loadSections(options, env)
  for (const [section, value] of sections) container.value(section, value)
  container.scoped(
    RequestContext,
    detachedContext(env, (error) => report(error, 'waitUntil')),
  )
  const onProviderError = (error: unknown, name: string): void => report(error, 'provider', name)
  const context = { runtime, env, tracer: options.tracer, config: configReader(sections) }
  const started = await startProviders(providers, container, context, {
    onError: onProviderError,
    span,
    onSealed: () => overrides?.forEach(({ token, instance }) => container.override(token, instance)),
  })
  let stopping: Promise<void> | undefined
  const shutdown = (): Promise<void> => (stopping ??= stopProviders(started, container, onProviderError))
  return {
    container,
    health: (kind) => checkHealth(kind, started, container, (error, name) => report(error, 'health', name)),
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  }
}

async function loadSections(options: ApplicationOptions, env: object) {
  if (options.config === undefined) return new Map()
  const onWarning = (warning: unknown): void => options.onError?.(warning, 'boot')
  const values: Readonly<Record<string, unknown>> = await options.config.load(env, { onWarning })
  return new Map(Object.entries(options.config.sections).map(([key, section]) => [section, values[key]]))
}

/** For scopes that no request opened: no deadline, and `waitUntil` work is awaited when the scope ends. */
function detachedContext(env: object, onError: (error: unknown) => void) {
  return factory([], (): RequestContext => new LiveRequestContext({ env, waitUntil: () => {} }, onError), {
    // The factory above makes no other kind.
    dispose: (context) => (context as LiveRequestContext).tasks.settle(),
  })
}
