import { ContainerError } from './errors.ts'
import { SINGLETON, type Io, type LifetimeCode } from './lifetime.ts'
import type { Resolved, Token, Tokens } from './token.ts'

/** Options of a registration. */
export interface RegistrationOptions<T> {
  /**
   * Releases the instance at the end of its lifetime. Without it an instance's own `Symbol.asyncDispose` or
   * `Symbol.dispose` is used. Values handed in ready-made are never disposed.
   */
  readonly dispose?: (instance: T) => void | PromiseLike<void>
  /** What the instance holds. A `socket` singleton is refused where sockets die with the request. @default 'none' */
  readonly io?: Io
}

export interface ScopedOptions<T> extends RegistrationOptions<T> {
  /**
   * `own-scope`: resolved from the application container, the token opens a scope that ends when the instance is
   * disposed of. Without it that is an error.
   */
  readonly root?: 'own-scope'
}

/** A class whose dependencies are declared in `static inject`, checked against its constructor. */
export type InjectableClass<T, A extends readonly unknown[]> = (new (...args: A) => T) &
  (A extends readonly [] ? unknown : { readonly inject: Tokens<A> })

declare const made: unique symbol

/** A recipe made by {@link factory}. */
export interface Factory<out T> {
  readonly dependencies: readonly Token<unknown>[]
  readonly create: (...args: never[]) => unknown
  readonly options: ScopedOptions<never>
  readonly [made]: T
}

/**
 * Describes how to make an instance from its dependencies. `create` may be async: then only `resolve` can make it.
 *
 * @example
 * import { factory } from 'lexigram-edge'
 *
 * container.scoped(Session, factory([Pool], (pool) => pool.open(), { dispose: (session) => session.close() }))
 */
export function factory<const D extends readonly Token<unknown>[], R>(
  dependencies: D,
  create: (...args: Resolved<D>) => R,
  options: ScopedOptions<Awaited<R>> = {},
): Factory<Awaited<R>> {
  // The phantom property exists for the compiler only.
  return { dependencies, create, options } as unknown as Factory<Awaited<R>>
}

/** Releases one instance. */
export type Disposer = (instance: unknown) => void | PromiseLike<void>

/** How an instance's disposer is found: nobody owns it, look at the instance, or the given function. */
export type Disposal = undefined | 'inspect' | Disposer

/** One entry of the container. Mutable fields are settled while sealing or on first use. */
export interface Registration {
  readonly token: Token<unknown>
  readonly lifetime: LifetimeCode
  readonly dependencyTokens: readonly Token<unknown>[]
  readonly create: (...args: unknown[]) => unknown
  readonly construct: boolean
  readonly disposal: Disposal
  readonly io: Io
  readonly ownScope: boolean
  readonly aliasOf: Token<unknown> | undefined
  /** The entries behind `dependencyTokens`, aliases followed. */
  dependencies: readonly Registration[]
  /** Who depends on this one; needed to spread `awaits`. */
  dependents: Registration[]
  /** Index of the instance in its scope; 0 until first use, so that a scope is as long as what is in use. */
  slot: number
  /** Its own `create` gives a promise. */
  asynchronous: boolean
  /** It or something beneath it is asynchronous, so only `resolve` can make it. */
  awaits: boolean
  /** Prototype of the last instance that needed neither awaiting nor release: one comparison spares both checks. */
  inert: object | null
  /** The entries to make, in order, before this one; worked out on first use. */
  plan: readonly Registration[] | undefined
}

export type Source = Factory<unknown> | (new (...args: never[]) => unknown)

/** Dependencies declared by a decorator; classes with `static inject` need none. */
export const decorated = new WeakMap<object, { lifetime: LifetimeCode; dependencies: readonly Token<unknown>[] }>()

const AsyncFunction = (async () => {}).constructor

export function createRegistration(
  token: Token<unknown>,
  source: Source,
  lifetime: LifetimeCode,
  options: ScopedOptions<never> = {},
): Registration {
  const construct = typeof source === 'function'
  const dependencyTokens = construct ? classDependencies(source) : source.dependencies
  const merged: ScopedOptions<never> = construct ? options : { ...source.options, ...options }
  dependencyTokens.forEach((dependency, i) => assertToken(dependency, `dependency ${i + 1} of ${token.name}`))
  return {
    ...blank(token, lifetime),
    dependencyTokens,
    // Constructors and factories are called the same way from here on; arguments were checked by the compiler.
    create: (construct ? source : source.create) as (...args: unknown[]) => unknown,
    construct,
    disposal: (merged.dispose as Disposer | undefined) ?? (construct ? prototypeDisposer(source) : 'inspect'),
    io: merged.io ?? 'none',
    ownScope: merged.root === 'own-scope',
    asynchronous: !construct && source.create instanceof AsyncFunction,
  }
}

/** An entry whose instance exists already and is not the container's to dispose of. */
export function createValue(token: Token<unknown>, value: unknown): Registration {
  return { ...blank(token, SINGLETON), create: () => value }
}

export function createAlias(token: Token<unknown>, target: Token<unknown>): Registration {
  assertToken(target, `the target of ${token.name}`)
  return { ...blank(token, SINGLETON), aliasOf: target }
}

/** A circular import leaves a token undefined at the moment it is used; say so instead of failing later. */
export function assertToken(value: unknown, what: string): asserts value is Token<unknown> {
  const good = typeof value === 'function' || (typeof value === 'object' && value !== null && 'id' in value)
  if (good) return
  throw new ContainerError(
    'LEX_ERR_DI_005',
    `${what} is not a token but ${value === undefined ? 'undefined' : typeof value}`,
    {
      hint: 'Pass a class or the value of token(...). Undefined usually means that two files import each other.',
    },
  )
}

function blank(token: Token<unknown>, lifetime: LifetimeCode): Registration {
  return {
    token,
    lifetime,
    dependencyTokens: [],
    create: () => undefined,
    construct: false,
    disposal: undefined,
    io: 'none',
    ownScope: false,
    aliasOf: undefined,
    dependencies: [],
    dependents: [],
    slot: 0,
    asynchronous: false,
    awaits: false,
    inert: null,
    plan: undefined,
  }
}

function classDependencies(source: new (...args: never[]) => unknown): readonly Token<unknown>[] {
  const declared = (source as { inject?: readonly Token<unknown>[] }).inject ?? decorated.get(source)?.dependencies
  if (declared !== undefined) return declared
  if (source.length === 0) return []
  throw new ContainerError(
    'LEX_ERR_DI_005',
    `${source.name} has constructor parameters but does not say what to inject`,
    {
      hint: `Add "static readonly inject = [...] as const" to ${source.name}.`,
    },
  )
}

/** Classes are inspected once here; only what factories return has to be looked at each time. */
function prototypeDisposer(source: new (...args: never[]) => unknown): Disposal {
  const prototype: object = source.prototype as object
  return Symbol.asyncDispose in prototype || Symbol.dispose in prototype ? 'inspect' : undefined
}
