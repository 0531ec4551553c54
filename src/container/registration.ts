import { assertOptions, must, type OptionCheck } from '../core/assert-options.ts'
import type { Io } from '../core/lifetime.ts'
import type { Resolved, Token, Tokens } from '../core/token.ts'

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

/** Options of a scoped registration. */
export interface ScopedOptions<T> extends RegistrationOptions<T> {
  /**
   * `own-scope`: resolved from the application container, the token opens a scope that ends when the instance is
   * disposed of. Without it that is an error.
   */
  readonly root?: 'own-scope'
}

const optionChecks = {
  dispose: must.beFunction,
  io: must.beOneOf('none', 'stateless', 'socket'),
  root: must.beOneOf('own-scope'),
} satisfies Readonly<Record<keyof ScopedOptions<never>, OptionCheck>>

/** @throws UsageError `LEX_ERR_USE_001` */
export function assertRegistrationOptions(options: unknown): void {
  assertOptions(options, optionChecks, 'the options of a registration')
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
 * @throws UsageError `LEX_ERR_USE_001` for malformed options
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
  assertRegistrationOptions(options)
  // The phantom property exists for the compiler only.
  return { dependencies, create, options } as unknown as Factory<Awaited<R>>
}
