import type { Factory, InjectableClass, RegistrationOptions, ScopedOptions } from './registration.ts'
import type { Class, Token } from '../core/token.ts'

/** Says how tokens are made and how long instances live, until the container is sealed. Each token once. */
export interface Registrar {
  /** An instance that exists already. The container never disposes of it. */
  value<T>(token: Token<T>, value: T): this
  /** One instance for the application, made on first use. */
  singleton<T>(token: Token<T>, source: Factory<T>): this
  singleton<T, A extends readonly unknown[]>(
    token: Token<T>,
    source: InjectableClass<T, A>,
    options?: RegistrationOptions<T>,
  ): this
  /** One instance per scope. */
  scoped<T>(token: Token<T>, source: Factory<T>): this
  scoped<T, A extends readonly unknown[]>(
    token: Token<T>,
    source: InjectableClass<T, A>,
    options?: ScopedOptions<T>,
  ): this
  /** A new instance for each request. */
  transient<T>(token: Token<T>, source: Factory<T>): this
  transient<T, A extends readonly unknown[]>(
    token: Token<T>,
    source: InjectableClass<T, A>,
    options?: RegistrationOptions<T>,
  ): this
  /** Another token for the same instance. */
  alias<T>(token: Token<T>, target: Token<T>): this
  /** A class that carries `@singleton`, `@scoped` or `@transient`, under `token` or under itself. */
  add<T>(source: Class<T>, token?: Token<T>): this
  has(token: Token<unknown>): boolean
}
