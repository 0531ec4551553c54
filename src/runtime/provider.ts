import { assertOptions, must, wrongOption, type OptionCheck } from '../core/assert-options.ts'
import { isReadablePlainObject } from '../core/plain-object.ts'
import { assertList } from '../core/assert-argument.ts'
import type { DatabaseVariables } from '../config/database-variables.ts'
import type { BootContainer } from '../container/container.ts'
import type { Registrar } from '../container/registrar.ts'
import type { Resolver } from '../container/resolver.ts'
import { UsageError } from '../core/errors.ts'
import type { TypedToken } from '../core/token.ts'
import type { Tracer } from '../core/tracing/tracer.ts'

/** What a component says of itself: fit, limping, or not usable. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy'

/** Facts about where the application runs, fixed by the adapter. */
export interface RuntimeTraits {
  readonly name: string
  /** Whether a socket may be used by a later request than the one that opened it. */
  readonly socketsOutliveRequests: boolean
  /** Whether one request may await I/O that another one started. */
  readonly sharesPending: boolean
  /** Whether several instances, each with its own memory, serve one application at a time. @default false */
  readonly manyInstances?: boolean
  /**
   * Whether the process may be suspended, or end, when an invocation and its `waitUntil` work are over, so that what a
   * tracer holds back is sent before. Lambda’s adapter does that itself. @default false
   */
  readonly stopsBetweenInvocations?: boolean
  /**
   * Called with each vendor's pool that opens, where the platform has to keep an instance until idle clients are
   * closed.
   */
  readonly attachPool?: (pool: unknown) => void
}

/** What a provider may know while it registers. Nothing here does I/O. */
export interface ProviderContext {
  readonly runtime: RuntimeTraits
  /** The platform's bindings or environment, untouched. */
  readonly env: object
  /** The validated value of a config section. Throws `LEX_ERR_DI_004` when the application does not configure it. */
  config<T>(section: TypedToken<T>): T
  /** The application's tracer; undefined where nothing is traced. The span of a scope is that of its `RequestContext`. */
  readonly tracer?: Tracer | undefined
  /** Reports an error without a caller to the application's `onError`, in the phase `provider`. */
  readonly report: (error: unknown) => void
}

/** One outcome of a provider's `register`. Its factories are not called. */
export interface RegistrationChoice {
  /** What is chosen, such as the name of a driver. */
  readonly name: string
  register(container: Registrar, runtime: RuntimeTraits): Registrar | void
}

/** Stands for what would open a connection, in the choices of a provider. @throws UsageError always */
export function notOpened(): never {
  throw new UsageError('a checked graph cannot make instances')
}

/**
 * What `register` and `boot` may return: nothing, or the container, so that a chain can be the whole function. A promise
 * is awaited. Nothing else: a list of promises would be forgotten.
 */
type RegisteredBy<C> = C | void | Promise<C | void>

/** What a provider does as its application begins, runs and ends. */
export interface ProviderHooks {
  /** Names of providers that have to boot before this one. @default [] */
  readonly dependsOn?: readonly string[]
  /** Among providers that could boot, lower numbers go first; equal numbers boot in parallel. @default 50 */
  readonly priority?: number
  /**
   * Whether the application cannot do without it when it fails. If `register` of one that is not required fails, nothing
   * that it has registered stays. @default true
   */
  readonly required?: boolean
  /** Time limit of each hook, in milliseconds. @default 10000 */
  readonly timeout?: number
  /** What drivers of databases read from the environment. @default the provider has no drivers */
  readonly databaseVariables?: DatabaseVariables
  /**
   * What `register` may come to, one entry for each choice that only the environment makes, such as that of a driver.
   * `checkGraph` checks every one, where it has no environment. @default `register` needs no environment
   */
  readonly choices?: readonly RegistrationChoice[]
  /** Says what there is. May be async (dynamic imports) but does no I/O. Whatever it returns is not used. */
  register?(container: Registrar, context: ProviderContext): RegisteredBy<Registrar>
  /** Makes ready what has to be ready. On Workers it may keep no I/O object. Whatever it returns is not used. */
  boot?(container: BootContainer): RegisteredBy<BootContainer>
  /** Undoes `boot`; also called when a later provider fails, and when `boot` ends after its time limit. */
  shutdown?(container: Resolver): void | Promise<void>
  /** How it is. A throw, and any other value, counts as unhealthy and is reported. */
  healthCheck?(container: Resolver): HealthStatus | Promise<HealthStatus>
}

/** A named group of registrations with a lifecycle. */
export interface Provider extends ProviderHooks {
  readonly name: string
}

const hookChecks = {
  dependsOn: must.beArray,
  priority: must.beNumber,
  required: must.beBoolean,
  timeout: must.beNumberFrom(0),
  databaseVariables: must.bePlainObject,
  choices: must.beArray,
  register: must.beFunction,
  boot: must.beFunction,
  shutdown: must.beFunction,
  healthCheck: must.beFunction,
} satisfies Readonly<Record<keyof ProviderHooks, OptionCheck>>

/**
 * Refuses what is not a list of providers. One written by hand has the same hooks as one that `provider` made; an instance of a
 * class may have other members.
 *
 * @throws UsageError `LEX_ERR_USE_001`
 */
export function assertProviders(given: unknown): void {
  const all = 'the providers of the application'
  assertList(given, all, { members: ['name'], hint: 'providers: [sqlProvider({ … })]' })
  for (const one of given) {
    const name: unknown = Reflect.get(one, 'name')
    if (typeof name !== 'string') {
      throw new UsageError(wrongOption('name', must.beText, name), { hint: `Change it in ${all}.` })
    }
    assertOptions(hooksOf(one), hookChecks, `provider ${name}`)
  }
}

/** All members of a plain object but its name; of an instance what a provider may have, which its class may define. */
function hooksOf(one: object): object {
  const names = isReadablePlainObject(one)
    ? Object.keys(one).filter((name) => name !== 'name')
    : Object.keys(hookChecks)
  return Object.fromEntries(names.map((name) => [name, Reflect.get(one, name)]))
}

/**
 * Defines a provider.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a hook that does not exist, and for one of the wrong type
 * @example
 * import { provider } from 'lexigram-edge'
 *
 * export const catalog = provider('catalog', {
 *   register: (container) => container.scoped(ProductRepository, SqlProductRepository),
 * })
 */
export function provider(name: string, hooks: ProviderHooks): Provider {
  return { ...assertOptions(hooks, hookChecks, 'the hooks of a provider'), name }
}
