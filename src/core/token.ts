import { UsageError } from './errors.ts'
import { kindOf } from './plain-object.ts'

declare const type: unique symbol

/** A class used as its own token. */
export type Class<T> = abstract new (...args: never[]) => T

/** A token made by {@link token} or {@link named}: an identity that carries the type of what it stands for. */
export interface TypedToken<out T> {
  readonly name: string
  /** Position in a container's lookup table; unique within one copy of this package. */
  readonly id: number
  readonly [type]: T
}

/** What something is registered and resolved by: a typed token, or a class that stands for its own instances. */
export type Token<T> = TypedToken<T> | Class<T>

/** The tuple of tokens that a constructor or function with parameters `A` needs. */
export type Tokens<A extends readonly unknown[]> = { readonly [K in keyof A]: Token<A[K]> }

/** The values that a tuple of tokens stands for. */
export type Resolved<D extends readonly Token<unknown>[]> = { -readonly [K in keyof D]: TokenValue<D[K]> }

/** The type that a token stands for. */
export type TokenValue<K> = K extends TypedToken<infer T> ? T : K extends Class<infer T> ? T : never

let lastId = 0
const namedTokens = new WeakMap<object, Map<string, TypedToken<unknown>>>()

/**
 * Makes a token for an interface or a plain value. Tokens are compared by identity; the name is for people.
 *
 * @example
 * import { token, type Token } from 'lexigram-edge'
 *
 * export interface Clock { now(): number }
 * export const Clock: Token<Clock> = token<Clock>('Clock')
 */
export function token<T>(name: string): TypedToken<T> {
  return withTokenIdentity(name, {})
}

/** Adds the identity of a token to `extra`, for values that are more than a token, such as a config section. */
export function withTokenIdentity<T, E extends object>(name: string, extra: E): TypedToken<T> & E {
  // The phantom property exists for the compiler only.
  return Object.freeze({ ...extra, name, id: ++lastId }) as unknown as TypedToken<T> & E
}

/**
 * The token for one of several registrations of the same kind. The same base and name return the same token.
 *
 * @example
 * import { named } from 'lexigram-edge'
 *
 * const Analytics = named(DocumentStore, 'analytics')
 */
export function named<T>(base: Token<T>, name: string): TypedToken<T> {
  const isToken = (typeof base === 'object' && base !== null) || typeof base === 'function'
  if (!isToken) throw new UsageError(`what is named must be a token or a class, not ${kindOf(base)}`)
  if (typeof name !== 'string') throw new UsageError(`the name of a token must be text, not ${kindOf(name)}`)
  let names = namedTokens.get(base)
  if (names === undefined) namedTokens.set(base, (names = new Map()))
  let found = names.get(name)
  if (found === undefined) names.set(name, (found = token(`${base.name}(${name})`)))
  // Stored under its own base, whose type it has.
  return found as TypedToken<T>
}

/** The names by which {@link named} has made tokens from `base` so far. */
export function namesOf(base: Token<unknown>): Iterable<string> {
  return namedTokens.get(base)?.keys() ?? []
}

/** Every token that {@link named} has made from `base` so far. */
export function namedVariants<T>(base: Token<T>): Iterable<TypedToken<T>> {
  return (namedTokens.get(base)?.values() ?? []) as Iterable<TypedToken<T>>
}
