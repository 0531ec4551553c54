import { settleAll } from '../core/settle-all.ts'
import { ContainerError } from '../container/errors.ts'
import type { Container } from '../container/container.ts'
import type { Provider, ProviderContext } from './provider.ts'
import { isThenable, within } from '../core/time-limit.ts'
import { endWith } from '../core/tracing/traced.ts'
import type { Span } from '../core/tracing/tracer.ts'
import { bootLevels } from './provider-order.ts'

/** How long a part of a boot may take where nothing else is said, in milliseconds. */
export const bootTimeout = 10_000

/**
 * Called when an optional provider or a shutdown hook fails, or a provider reports an error; the application goes on.
 */
export type OnProviderError = (
  error: unknown,
  provider: string,
  phase: 'register' | 'boot' | 'running' | 'shutdown',
) => void

export interface StartOptions {
  /** What providers get while they register. */
  readonly context: Omit<ProviderContext, 'report'>
  readonly onError: OnProviderError
  /** Called between `seal` and the first `boot`. */
  readonly onSealed?: () => void
  /** What the spans of providers are parts of. @default nothing is traced */
  readonly span?: Span | undefined
}

/**
 * Takes providers through `register`, `seal` and `boot`, level by level. When a required one fails, those that had
 * booted are shut down in reverse order and the failure is thrown. One that boots after its time limit is shut down then.
 *
 * @returns the providers that run, in boot order.
 */
export async function startProviders(
  providers: readonly Provider[],
  container: Container,
  { context, onError, onSealed, span: boot }: StartOptions,
): Promise<readonly Provider[]> {
  const levels = bootLevels(providers)
  const failed = new Set<Provider>()
  const started: Provider[] = []
  const contextOf = ({ name }: Provider): ProviderContext => {
    return { ...context, report: (error) => onError(error, name, 'running') }
  }
  const attempt = async (provider: Provider, phase: 'register' | 'boot', work: () => unknown) => {
    if (failed.has(provider)) return
    const hook = provider[phase] === undefined ? undefined : boot
    const span = hook?.start({ is: 'provider', provider: provider.name, phase })
    try {
      const limited = () =>
        inTime(work, {
          limit: provider.timeout ?? bootTimeout,
          what: `${phase} of provider ${provider.name}`,
          // What has booted after all is not the application's: nothing else would undo it.
          onLateEnd: async () => (phase === 'boot' ? stopProvider(provider, container, onError) : undefined),
          onLateFailure: (error) => onError(error, provider.name, phase),
        })
      await (span === undefined ? limited() : endWith(span, span.run(limited)))
      if (phase === 'boot') started.push(provider)
    } catch (error) {
      failed.add(provider)
      if (provider.required !== false) throw error
      if (phase === 'register') container.withdraw()
      onError(error, provider.name, phase)
    }
  }
  try {
    for (const provider of levels.flat()) {
      container.attributeTo(`provider ${provider.name}`)
      await attempt(provider, 'register', () => provider.register?.(container, contextOf(provider)))
    }
    container.seal()
    onSealed?.()
    for (const level of levels) {
      const boots = level.map((provider) => attempt(provider, 'boot', () => provider.boot?.(container)))
      const failures = await settleAll(boots)
      if (failures.length === 1) throw failures[0]
      if (failures.length > 1) throw new AggregateError(failures, 'several providers cannot boot')
    }
    container.finishBoot()
    return started
  } catch (error) {
    await stopProviders(started, container, onError)
    throw error
  }
}

/** Shuts providers down in reverse boot order and releases the singletons. Every one is tried; nothing is thrown. */
export async function stopProviders(
  started: readonly Provider[],
  container: Container,
  onError: OnProviderError,
): Promise<void> {
  for (const provider of started.toReversed()) await stopProvider(provider, container, onError)
  try {
    await container.dispose()
  } catch (error) {
    onError(error, 'container', 'shutdown')
  }
}

/** Never rejects. */
async function stopProvider(provider: Provider, container: Container, onError: OnProviderError): Promise<void> {
  try {
    const timeout = provider.timeout ?? bootTimeout
    await within(provider.shutdown?.(container), timeout, `shutdown of provider ${provider.name}`)
  } catch (error) {
    onError(error, provider.name, 'shutdown')
  }
}

interface Limited {
  /** In milliseconds. */
  readonly limit: number
  readonly what: string
  /** Called when the work ends although its time is over. */
  readonly onLateEnd: () => Promise<void>
  readonly onLateFailure: (error: unknown) => void
}

/** Settles like `work`, or rejects when its time is over. What becomes of the work then is not lost. */
async function inTime(work: () => unknown, { limit, what, onLateEnd, onLateFailure }: Limited): Promise<void> {
  const running = work()
  if (!isThenable(running)) return
  let isPending = true
  const watched = Promise.resolve(running).finally(() => (isPending = false))
  try {
    await within(watched, limit, what)
  } catch (error) {
    if (isPending) void watched.then(onLateEnd, onLateFailure)
    throw error
  }
}

/** The reader of config sections that providers get while they register. */
export function configReader(values: ReadonlyMap<unknown, unknown>): ProviderContext['config'] {
  return (section) => {
    if (values.has(section)) return values.get(section) as never
    throw new ContainerError(
      'LEX_ERR_DI_004',
      `section ${section.name} cannot be read: the application does not configure it`,
      {
        hint: `Add it to defineConfig({ … }) in createApplication.`,
      },
    )
  }
}
