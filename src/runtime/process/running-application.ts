import type { Container } from '../../container/container.ts'
import type { RuntimeTraits } from '../provider.ts'
import type { Token } from '../../core/token.ts'
import { within } from '../../core/time-limit.ts'
import { endWith } from '../../core/tracing/traced.ts'
import type { Span } from '../../core/tracing/tracer.ts'
import type { ApplicationOptions } from '../application-options.ts'
import { checkHealth, type HealthKind, type HealthReport } from '../health.ts'
import { bootTimeout, configReader, startProviders, stopProviders } from '../lifecycle.ts'
import { createApplicationContainer } from './application-container.ts'

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

/** Where an application boots. */
export interface BootPlace {
  readonly env: object
  readonly runtime: RuntimeTraits
  readonly overrides?: readonly Override[] | undefined
}

export async function bootApplication(options: ApplicationOptions, place: BootPlace): Promise<RunningApplication> {
  const span = options.tracer?.start({ is: 'boot', application: options.name })
  if (span === undefined) return boot(options, place)
  return endWith(
    span,
    span.run(() => boot(options, place, span)),
  )
}

async function boot(options: ApplicationOptions, place: BootPlace, span?: Span): Promise<RunningApplication> {
  const { env, runtime, overrides } = place
  const report = options.onError ?? (() => {})
  const providers = options.providers ?? []
  const sections = await loadSections(options, env)
  warnOfUnreadDatabases(options, env)
  const testing = overrides !== undefined
  const container = createApplicationContainer(options, { env, runtime, sections, testing })
  const onProviderError = (error: unknown, name: string): void => report({ error, phase: 'provider', subject: name })
  const started = await startProviders(providers, container, {
    context: { runtime, env, tracer: options.tracer, config: configReader(sections) },
    onError: onProviderError,
    span,
    onSealed: () => overrides?.forEach(({ token, instance }) => container.override(token, instance)),
  })
  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    await stopProviders(started, container, onProviderError)
    await options.tracer?.flush?.()
  }
  const shutdown = (): Promise<void> => (stopping ??= stop())
  return {
    container,
    health: (kind) =>
      checkHealth(kind, {
        providers: started,
        container,
        onError: (error, subject) => report({ error, phase: 'health', subject }),
      }),
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  }
}

async function loadSections(options: ApplicationOptions, env: object) {
  if (options.config === undefined) return new Map()
  const onWarning = (warning: unknown): void => options.onError?.({ error: warning, phase: 'boot' })
  const loading = options.config.load(env, { onWarning })
  const values: Readonly<Record<string, unknown>> = await within(loading, bootTimeout, 'loading the configuration')
  return new Map(Object.entries(options.config.sections).map(([key, section]) => [section, values[key]]))
}

/** An application without drivers reaches its database by other means, and reads the variable by itself. */
function warnOfUnreadDatabases({ config, providers = [], onError }: ApplicationOptions, env: object): void {
  const drivers = providers.flatMap(({ databaseVariables = [] }) => databaseVariables)
  const warning = drivers[0]?.findUnread(drivers, Object.values(config?.sections ?? {}), env)
  if (warning !== undefined) onError?.({ error: warning, phase: 'boot' })
}
