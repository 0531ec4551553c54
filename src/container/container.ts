import { ContainerError, ContainerValidationError, type ContainerIssue } from './errors.ts'
import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import { SCOPED, SINGLETON, TRANSIENT } from '../core/lifetime.ts'
import { followAliases, link } from './resolution/link.ts'
import type { Registrar } from './registrar.ts'
import {
  assertToken,
  createAlias,
  createRegistration,
  createValue,
  decorated,
  type Declaration,
  type Registration,
  type Source,
} from './resolution/entry.ts'
import type { ScopedOptions } from './registration.ts'
import { Registry } from './resolution/registry.ts'
import type { Resolver, Scope } from './resolver.ts'
import { ScopeNode } from './scope.ts'
import type { Class, Token } from '../core/token.ts'

/** Options of `createContainer`. */
export interface ContainerOptions {
  /** Whether sockets live longer than the request that opened them: true on Node and Lambda, false on Workers. @default true */
  readonly socketsOutliveRequests?: boolean
  /** Whether one scope may await what another started: false on Workers. @default true */
  readonly sharesPending?: boolean
  /** How long one disposer may take, in milliseconds. @default 5000 */
  readonly disposeTimeout?: number
  /** Allows `override`. @default false */
  readonly testing?: boolean
  /** Called with failures that have no caller left to reject, such as the disposal of a late instance. */
  readonly onError?: (error: unknown) => void
  /** Called when a scope is used after its end, which is refused. @default nothing */
  readonly onLeak?: (() => void) | undefined
}

const optionChecks = {
  socketsOutliveRequests: must.beBoolean,
  sharesPending: must.beBoolean,
  disposeTimeout: must.beNumberFrom(0),
  testing: must.beBoolean,
  onError: must.beFunction,
  onLeak: must.beFunction,
} satisfies Readonly<Record<keyof ContainerOptions, OptionCheck>>

/** What a provider sees while it boots: everything is registered, instances may still be replaced. */
export interface BootContainer extends Resolver {
  /** Puts `instance` in the place of a singleton's, for decoration at boot. What was there stays to be disposed of. */
  bind<T>(token: Token<T>, instance: T): this
}

/** Registrations first, then `seal`, then instances: from the container itself, or from a scope of it. */
export interface Container extends Registrar, BootContainer, AsyncDisposable {
  /** Says who registers from here on, for messages. @default the application */
  attributeTo(registrant: string): void
  /** Removes what the present registrant has registered, before `seal`: it failed half-way, and nothing may need the half. */
  withdraw(): void
  /** Checks the whole graph and closes registration. Throws `ContainerValidationError` with every issue at once. */
  seal(): this
  /** Ends the boot phase: `bind` is refused from here on. */
  finishBoot(): void
  /** Tests only: puts `instance` in the place of whatever the token would make, before anything has used it. */
  override<T>(token: Token<T>, instance: T): this
  /** Releases the singletons in reverse creation order, each bounded in time. */
  dispose(): void | Promise<void>
  /** The registrations, for drawing and diagnosis. */
  registrations(): Iterable<Registration>
  /** The second tokens of registrations, for drawing and diagnosis. */
  aliases(): Iterable<Alias>
}

/** A second token of a registration. */
export interface Alias {
  readonly token: Token<unknown>
  /** Whose registration it leads to; that may be an alias, too. */
  readonly target: Token<unknown>
  /** Who registered it. */
  readonly registrant: string | undefined
}

/**
 * Creates an empty container.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed options
 * @example
 * import { createContainer, factory, token } from 'lexigram-edge'
 *
 * const Greeting = token<string>('Greeting')
 * const container = createContainer().value(Greeting, 'hello').seal()
 * container.get(Greeting) // 'hello'
 */
export function createContainer(options: ContainerOptions = {}): Container {
  assertOptions(options, optionChecks, 'the options of createContainer')
  return new ContainerRoot(options)
}

class ContainerRoot implements Container {
  readonly #options: ContainerOptions
  readonly #registrations = new Map<Token<unknown>, Registration>()
  #registry: Registry | undefined
  #root: ScopeNode | undefined
  #registrant: string | undefined
  #booted = false

  constructor(options: ContainerOptions) {
    this.#options = options
  }

  attributeTo(registrant: string): void {
    this.#registrant = registrant
  }

  withdraw(): void {
    for (const [token, { registrant }] of this.#registrations) {
      if (registrant === this.#registrant) this.#registrations.delete(token)
    }
  }

  value<T>(token: Token<T>, value: T): this {
    return this.#register(token, () => createValue(token, value))
  }

  singleton(token: Token<unknown>, source: unknown, options?: ScopedOptions<never>): this {
    return this.#registerSource(token, source, { lifetime: SINGLETON, options })
  }

  scoped(token: Token<unknown>, source: unknown, options?: ScopedOptions<never>): this {
    return this.#registerSource(token, source, { lifetime: SCOPED, options })
  }

  transient(token: Token<unknown>, source: unknown, options?: ScopedOptions<never>): this {
    return this.#registerSource(token, source, { lifetime: TRANSIENT, options })
  }

  alias<T>(token: Token<T>, target: Token<T>): this {
    return this.#register(token, () => createAlias(token, target))
  }

  add<T>(source: Class<T>, token: Token<T> = source): this {
    const declared = decorated.get(source)
    if (declared !== undefined) return this.#registerSource(token, source, { lifetime: declared.lifetime })
    throw new ContainerError('LEX_ERR_DI_005', `${source.name} must have a lifetime`, {
      hint: 'Decorate it with @singleton(...), @scoped(...) or @transient(...), or register it with a lifetime.',
    })
  }

  has(token: Token<unknown>): boolean {
    return this.#registrations.has(token)
  }

  seal(): this {
    if (this.#registry !== undefined) return this
    const issues: ContainerIssue[] = []
    const byToken = followAliases(this.#registrations, issues)
    const { socketsOutliveRequests = true, sharesPending = true, disposeTimeout = 5000 } = this.#options
    link(byToken, issues, { socketsOutliveRequests })
    if (issues.length > 0) throw new ContainerValidationError(issues)
    this.#registry = new Registry(byToken, {
      sharesPending,
      disposal: { timeout: disposeTimeout, onError: this.#options.onError ?? (() => {}) },
      onLeak: this.#options.onLeak,
    })
    this.#root = new ScopeNode(this.#registry, undefined)
    return this
  }

  finishBoot(): void {
    this.#booted = true
  }

  bind<T>(token: Token<T>, instance: T): this {
    const root = sealed(this.#root)
    const registration = root.registry.find(token)
    if (this.#booted || registration.lifetime !== SINGLETON) {
      throw new ContainerError('LEX_ERR_DI_001', `${token.name} cannot be bound`, {
        hint: this.#booted ? 'Bind while providers boot.' : 'Only singletons can be bound.',
      })
    }
    root.registry.replace(registration, createValue(registration.token, instance))
    return this
  }

  override<T>(token: Token<T>, instance: T): this {
    const { registry } = sealed(this.#root)
    if (this.#options.testing !== true) {
      throw new ContainerError('LEX_ERR_DI_001', `${token.name} cannot be overridden outside a test container`, {
        hint: 'Create the container with { testing: true }, or register something else.',
      })
    }
    const old = registry.find(token)
    const registration = createValue(old.token, instance)
    registration.overridden = true
    registry.replace(old, registration)
    return this
  }

  get<T>(token: Token<T>): T {
    return sealed(this.#root).get(token)
  }

  resolve<T>(token: Token<T>): Promise<T> {
    return sealed(this.#root).resolve(token)
  }

  resolveOptional<T>(token: Token<T>): Promise<T | undefined> {
    return sealed(this.#root).resolveOptional(token)
  }

  resolveAll<T>(token: Token<T>): Promise<T[]> {
    return sealed(this.#root).resolveAll(token)
  }

  call: Resolver['call'] = (fn, dependencies) => sealed(this.#root).call(fn, dependencies)

  scope(): Scope {
    return sealed(this.#root).scope()
  }

  registrations(): Iterable<Registration> {
    return this.#registry?.all() ?? this.#registrations.values()
  }

  aliases(): Iterable<Alias> {
    return [...this.#registrations.values()].flatMap(({ token, aliasOf: target, registrant }) =>
      target === undefined ? [] : [{ token, target, registrant }],
    )
  }

  dispose(): void | Promise<void> {
    return this.#root?.dispose()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose()
  }

  #registerSource(token: Token<unknown>, source: unknown, { lifetime, options }: Declaration): this {
    // The overloads of Registrar are what callers see; they allow nothing else.
    return this.#register(token, () => createRegistration(token, source as Source, { lifetime, options }))
  }

  #register(token: Token<unknown>, create: () => Registration): this {
    assertToken(token, 'what is registered')
    const earlier = this.#registrations.get(token)
    if (this.#registry !== undefined || earlier !== undefined) {
      const sealed = this.#registry !== undefined
      const by = this.#registrant && `: by ${earlier?.registrant ?? 'the application'} and by ${this.#registrant}`
      throw new ContainerError(
        'LEX_ERR_DI_005',
        sealed
          ? `${token.name} cannot be registered after seal`
          : `${token.name} cannot be registered twice${by ?? ''}`,
        {
          hint: sealed ? 'Register in a provider.' : 'Remove one, or tell them apart with named(token, name).',
        },
      )
    }
    const registration = create()
    registration.registrant = this.#registrant
    this.#registrations.set(token, registration)
    return this
  }
}

function sealed(root: ScopeNode | undefined): ScopeNode {
  if (root !== undefined) return root
  throw new ContainerError('LEX_ERR_DI_001', 'the container must be sealed first', { hint: 'Call seal() first.' })
}
