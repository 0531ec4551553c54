import { ContainerError, undefinedError } from '../errors.ts'
import { SINGLETON, type Io, type LifetimeCode } from '../../core/lifetime.ts'
import { assertRegistrationOptions, type Factory, type ScopedOptions } from '../registration.ts'
import type { Token } from '../../core/token.ts'

/** Releases one instance. */
export type Disposer = (instance: unknown) => void | PromiseLike<void>

/** How an instance's disposer is found: no owner, look at the instance, or the given function. */
export type Disposal = undefined | 'inspect' | Disposer

/** One entry of the container; its mutable fields are settled by linking and on first use. */
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
  /** The entries of `dependencyTokens`, aliases followed. */
  dependencies: readonly Registration[]
  /** For a transient: the dependency through which it reaches a scoped one, if it does. */
  scopedDependency: Registration | undefined
  /** Its own `create` returns a promise. */
  asynchronous: boolean
  /** It or something beneath it is asynchronous, so only `resolve` can make it. */
  awaits: boolean
  /** A test put it in the place of what was registered. */
  overridden: boolean
  /** Who registered it, for messages. */
  registrant: string | undefined
  /** What has to be in place before it can be made, in order, and itself last; worked out on first use. */
  plan: readonly Registration[] | undefined
  /** Index of the instance in its scope; 0 until first use, so that a scope is as long as what is in use. */
  place: number
  /** How many arguments are read from their places; -1 when they have to be taken one by one. */
  argumentCount: number
  /** Where up to three arguments are read from: a place in the scope, or the complement of one in the root. */
  firstSource: number
  secondSource: number
  thirdSource: number
  /** Whether new instances have to be looked at: not those of a class whose first one needed no release. */
  mayNeedDisposal: boolean
  /** Class of the last instance that needed neither awaiting nor release: one comparison spares both checks. */
  undisposableClass: unknown
}

const unseen = Symbol('unseen')

/** One literal for all entries: the hot path sees one shape, and a cold start fills no field on its own. */
function entryOf(
  token: Token<unknown>,
  lifetime: LifetimeCode,
  declared: Partial<Registration> & Pick<Registration, 'create'>,
): Registration {
  return {
    token,
    lifetime,
    dependencyTokens: declared.dependencyTokens ?? [],
    create: declared.create,
    construct: declared.construct === true,
    disposal: declared.disposal,
    io: declared.io ?? 'none',
    ownScope: declared.ownScope === true,
    aliasOf: declared.aliasOf,
    dependencies: [],
    scopedDependency: undefined,
    asynchronous: declared.asynchronous === true,
    awaits: false,
    overridden: declared.overridden === true,
    registrant: undefined,
    plan: undefined,
    place: 0,
    argumentCount: -1,
    firstSource: 0,
    secondSource: 0,
    thirdSource: 0,
    mayNeedDisposal: true,
    undisposableClass: unseen,
  }
}

export type Source = Factory<unknown> | (new (...args: never[]) => unknown)

/** Dependencies declared by a decorator; classes with `static inject` need none. */
export const decorated = new WeakMap<object, { lifetime: LifetimeCode; dependencies: readonly Token<unknown>[] }>()

const AsyncFunction = (async () => {}).constructor

/** What a registration says beside its token and its source. */
export interface Declaration {
  readonly lifetime: LifetimeCode
  readonly options?: ScopedOptions<never> | undefined
}

export function createRegistration(
  token: Token<unknown>,
  source: Source,
  { lifetime, options }: Declaration,
): Registration {
  assertSource(source, token)
  const construct = typeof source === 'function'
  const dependencyTokens = construct ? classDependencies(source) : source.dependencies
  if (options !== undefined) {
    if (!construct) {
      throw new ContainerError('LEX_ERR_DI_005', `${token.name} cannot have options beside its factory`, {
        hint: 'Pass them to factory([…], create, options).',
      })
    }
    assertRegistrationOptions(options)
  }
  const { dispose, io, root } = (construct ? options : source.options) ?? {}
  for (const dependency of dependencyTokens) assertToken(dependency, `a dependency of ${token.name}`)
  return entryOf(token, lifetime, {
    dependencyTokens,
    // Constructors and factories are called the same way from here on; arguments were checked by the compiler.
    create: (construct ? source : source.create) as (...args: unknown[]) => unknown,
    construct,
    disposal: (dispose as Disposer | undefined) ?? 'inspect',
    io: io ?? 'none',
    ownScope: root === 'own-scope',
    asynchronous: !construct && source.create instanceof AsyncFunction,
  })
}

/** An entry whose instance exists already and is not the container's to dispose of. */
export function createValue(token: Token<unknown>, value: unknown): Registration {
  if (value === undefined) throw undefinedError(token)
  return entryOf(token, SINGLETON, { create: () => value })
}

export function createAlias(token: Token<unknown>, target: Token<unknown>): Registration {
  assertToken(target, `the target of ${token.name}`)
  return entryOf(token, SINGLETON, { create: () => undefined, aliasOf: target })
}

/** A circular import leaves a token undefined at the moment it is used; say so instead of failing later. */
export function assertToken(value: unknown, what: string): asserts value is Token<unknown> {
  const good = typeof value === 'function' || (typeof value === 'object' && value !== null && 'id' in value)
  if (good) return
  throw new ContainerError('LEX_ERR_DI_005', `${what} must be a token${value === undefined ? ', not undefined' : ''}`, {
    hint: 'Pass a class or the value of token(...). Undefined usually means that two files import each other.',
  })
}

/** A circular import leaves a class undefined, too; and a function without dependencies is taken for a factory. */
function assertSource(source: unknown, { name }: Token<unknown>): void {
  const isClass = typeof source === 'function' && 'prototype' in source
  if (isClass || Array.isArray((source as Partial<Factory<unknown>> | undefined)?.dependencies)) return
  throw new ContainerError(
    'LEX_ERR_DI_005',
    `${name} must be registered with a class${source === undefined ? ', not undefined' : ''}`,
    {
      hint: 'Pass a class, or factory([A, B], (a, b) => …). Undefined usually means that two files import each other.',
    },
  )
}

function classDependencies(source: new (...args: never[]) => unknown): readonly Token<unknown>[] {
  // The type of `inject` is checked where a class is registered.
  const declared = (source as { inject?: readonly Token<unknown>[] }).inject ?? decorated.get(source)?.dependencies
  if (declared !== undefined) return declared
  if (source.length === 0) return []
  throw new ContainerError('LEX_ERR_DI_005', `${source.name} must say what its constructor needs`, {
    hint: `Add "static readonly inject = [...] as const" to ${source.name}.`,
  })
}
