import { SCOPED, SINGLETON, TRANSIENT, type LifetimeCode } from '../core/lifetime.ts'
import { decorated } from './resolution/entry.ts'
import type { Tokens } from '../core/token.ts'

type Constructor<A extends readonly unknown[]> = new (...args: A) => unknown

/** A standard class decorator that only accepts classes whose constructor takes `A`. */
export type InjectDecorator<A extends readonly unknown[]> = (
  target: Constructor<A>,
  context: ClassDecoratorContext,
) => void

/**
 * Declares a class as a singleton with these dependencies; register it with `container.add(Class)`.
 * A standard (TC39) decorator, for builds that lower decorators. `static readonly inject` needs no such build.
 *
 * @example
 * import { singleton } from 'lexigram-edge'
 *
 * @singleton(Clock)
 * class Ids { constructor(clock: Clock) {} }
 */
export function singleton<A extends readonly unknown[]>(...dependencies: Tokens<A>): InjectDecorator<A> {
  return declare(SINGLETON, dependencies)
}

/** Declares a class as scoped with these dependencies; see {@link singleton}. */
export function scoped<A extends readonly unknown[]>(...dependencies: Tokens<A>): InjectDecorator<A> {
  return declare(SCOPED, dependencies)
}

/** Declares a class as transient with these dependencies; see {@link singleton}. */
export function transient<A extends readonly unknown[]>(...dependencies: Tokens<A>): InjectDecorator<A> {
  return declare(TRANSIENT, dependencies)
}

function declare<A extends readonly unknown[]>(lifetime: LifetimeCode, dependencies: Tokens<A>): InjectDecorator<A> {
  return (target) => {
    decorated.set(target, { lifetime, dependencies })
  }
}
