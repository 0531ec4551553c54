import type { Resolved, Token } from '../core/token.ts'

/** Reads instances. `resolve` can make everything; `get` whatever needs no async factory. */
export interface Resolver {
  /** The instance, made if need be. Rejects with a `ContainerError`, or with what a factory threw. */
  resolve<T>(token: Token<T>): Promise<T>
  /** The instance, synchronously. Throws `LEX_ERR_DI_010` when an async factory would have to run. */
  get<T>(token: Token<T>): T
  /** Like `resolve`, but undefined when nothing is registered for the token. */
  resolveOptional<T>(token: Token<T>): Promise<T | undefined>
  /** Everything registered for the token, its named variants included, each once, in order of registration. */
  resolveAll<T>(token: Token<T>): Promise<T[]>
  has(token: Token<unknown>): boolean
  /** Calls `fn` with the instances that `dependencies` stand for. */
  call<const D extends readonly Token<unknown>[], R>(
    fn: (...args: Resolved<D>) => R,
    dependencies: D,
  ): Promise<Awaited<R>>
  /** Opens a scope beneath this one: its own scoped instances, the application's singletons. */
  scope(): Scope
}

/**
 * The short-lived part of the container, one per request, message or job.
 *
 * Instances are released in reverse creation order when it is disposed of, each within the container's time limit.
 * Disposing twice does nothing the second time.
 */
export interface Scope extends Resolver, AsyncDisposable {
  /**
   * Provides the instance of a scoped token to this scope and to the scopes that are opened beneath it later. Call it
   * before the token is first resolved. A scope beneath may provide another. The scope does not dispose of the instance.
   *
   * @throws ContainerError `LEX_ERR_DI_001` when the token is not scoped, or this scope has an instance of it already;
   * `LEX_ERR_DI_011` when the scope has ended
   */
  provide<T>(token: Token<T>, instance: T): this
  /** Ends the scope. Returns a promise only when a disposer did; throws or rejects with an `AggregateError`. */
  dispose(): void | Promise<void>
}
