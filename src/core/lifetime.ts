/** How long an instance lives: as long as the application, one scope, or the caller that resolved it. */
export type Lifetime = 'singleton' | 'scoped' | 'transient'

/**
 * What an instance holds: nothing, something that any request may use (`fetch`, HTTP clients), or a socket, which on some
 * runtimes dies with the request that opened it.
 */
export type Io = 'none' | 'stateless' | 'socket'

export const SINGLETON = 0
export const SCOPED = 1
export const TRANSIENT = 2

/** Numbers, because the lifetime is compared on every resolve. */
export type LifetimeCode = typeof SINGLETON | typeof SCOPED | typeof TRANSIENT

const names: readonly Lifetime[] = ['singleton', 'scoped', 'transient']

export function lifetimeName(code: LifetimeCode): Lifetime {
  return names[code] ?? 'transient'
}
