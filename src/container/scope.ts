import { getPlanned, mustAwait, resolvePlanned, settle } from './async-resolution.ts'
import { disposeAfter, disposeAll, ownDisposer, type MadeInstance } from './disposal.ts'
import { asyncError, ContainerError, endedError, lateError, undefinedError } from './errors.ts'
import { SCOPED, SINGLETON, TRANSIENT } from './lifetime.ts'
import { resolveOwned } from './own-scope.ts'
import { spreadAwaits } from './plan.ts'
import type { Registration } from './registration.ts'
import type { Registry } from './registry.ts'
import type { Scope } from './resolver.ts'
import { namedVariants, type Resolved, type Token } from './token.ts'

/** An async creation under way. */
export interface Pending {
  readonly registration: Registration
  readonly promise: Promise<unknown>
}

/** A scope, or the root: one class, so that the hot path sees one shape. Public members beyond `Scope` are internal. */
export class LiveScope implements Scope {
  readonly registry: Registry
  readonly root: LiveScope
  readonly values: unknown[]
  made: MadeInstance[] | undefined = undefined
  pending: Pending[] | undefined = undefined
  ended = false
  lingering = false
  readonly #parent: LiveScope | undefined
  #children: Set<LiveScope> | undefined = undefined

  constructor(registry: Registry, parent?: LiveScope) {
    this.registry = registry
    this.root = parent?.root ?? this
    this.#parent = parent
    this.values = new Array<unknown>(registry.scopedSlots)
  }

  scope(): LiveScope {
    if (this.ended) throw endedError()
    const child = new LiveScope(this.registry, this)
    // The root keeps no list: a forgotten request scope must be garbage, not a leak.
    if (this !== this.root) (this.#children ??= new Set()).add(child)
    return child
  }

  get<T>(token: Token<T>): T {
    const registration = this.#admit(token)
    if (registration.awaits) return getPlanned(this, registration) as T
    try {
      return this.take(registration) as T
    } catch (error) {
      throw error === mustAwait ? asyncError(registration.token) : error
    }
  }

  resolve<T>(token: Token<T>): Promise<T> {
    try {
      const registration = this.registry.find(token)
      if (this === this.root && registration.ownScope) return resolveOwned(this, registration) as Promise<T>
      this.#admit(token)
      if (!registration.awaits) {
        try {
          return Promise.resolve(this.take(registration)) as Promise<T>
        } catch (error) {
          if (error !== mustAwait) throw error
        }
      }
      return resolvePlanned(this, registration) as Promise<T>
    } catch (error) {
      return Promise.reject(error as Error)
    }
  }

  async resolveOptional<T>(token: Token<T>): Promise<T | undefined> {
    return this.has(token) ? await this.resolve(token) : undefined
  }

  async resolveAll<T>(token: Token<T>): Promise<T[]> {
    const wanted = new Map([token, ...namedVariants(token)].map((t) => [this.registry.lookup(t), t]))
    const all: T[] = []
    for (const registration of this.registry.all()) {
      const by = wanted.get(registration)
      if (by !== undefined) all.push(await this.resolve(by))
    }
    return all
  }

  has(token: Token<unknown>): boolean {
    return this.registry.lookup(token) !== undefined
  }

  async call<const D extends readonly Token<unknown>[], R>(
    fn: (...args: Resolved<D>) => R,
    dependencies: D,
  ): Promise<Awaited<R>> {
    const args: unknown[] = []
    for (const dependency of dependencies) args.push(await this.resolve(dependency))
    // The tuple was filled position by position.
    return await fn(...(args as Resolved<D>))
  }

  provide<T>(token: Token<T>, instance: T): this {
    const registration = this.registry.find(token)
    if (this === this.root || registration.lifetime !== SCOPED || this.values[registration.slot] !== undefined) {
      throw new ContainerError('LEX_ERR_DI_001', `${token.name} cannot be provided to this scope`, {
        hint: 'Provide scoped tokens only, right after the scope was opened.',
      })
    }
    this.store(registration, instance)
    return this
  }

  get holds(): boolean {
    return this.made !== undefined || this.pending !== undefined || this.#children !== undefined
  }

  linger(): void {
    this.lingering = true
  }

  dispose(): void | Promise<void> {
    if (this.ended) return
    this.ended = true
    if (this.#parent !== undefined) this.#parent.#children?.delete(this)
    const { made, pending, registry } = this
    if (this.#children !== undefined || pending !== undefined) {
      const before = [...(this.#children ?? [])].map((child) => child[Symbol.asyncDispose]())
      return disposeAfter(
        [...before, ...(pending ?? []).map((p) => p.promise)],
        () => this.made ?? [],
        registry.disposal,
      )
    }
    if (made !== undefined) return disposeAll(made, registry.disposal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose()
  }

  /** The instance, from its place or newly made. Throws `mustAwait` when that needs an async factory. */
  take(registration: Registration): unknown {
    if (registration.lifetime === TRANSIENT) return this.make(registration)
    const holder = registration.lifetime === SINGLETON ? this.root : this
    const value = holder.values[registration.slot]
    return value !== undefined ? value : holder.build(registration)
  }

  /** Makes and tracks a new instance; a promise from a factory leaves the synchronous path. */
  make(registration: Registration): unknown {
    const instance = this.create(registration)
    if (instance === null || instance === undefined || Object.getPrototypeOf(instance) !== registration.inert) {
      if (instance instanceof Promise && !registration.construct) this.#discover(registration, instance)
      this.track(registration, instance)
    }
    return instance
  }

  /** Takes the dependencies and calls constructor or factory; written out per arity because this is the hot path. */
  create(registration: Registration): unknown {
    if (this.ended) throw endedError()
    const d = registration.dependencies
    const { create, construct } = registration
    const Class = create as unknown as new (...args: unknown[]) => unknown
    switch (d.length) {
      case 0:
        return construct ? new Class() : create()
      case 1: {
        const a = this.take(d[0]!)
        return construct ? new Class(a) : create(a)
      }
      case 2: {
        const a = this.take(d[0]!)
        const b = this.take(d[1]!)
        return construct ? new Class(a, b) : create(a, b)
      }
      case 3: {
        const a = this.take(d[0]!)
        const b = this.take(d[1]!)
        const c = this.take(d[2]!)
        return construct ? new Class(a, b, c) : create(a, b, c)
      }
      default: {
        const args = d.map((dependency) => this.take(dependency))
        return construct ? new Class(...args) : create(...args)
      }
    }
  }

  store(registration: Registration, instance: unknown): void {
    if (registration.slot === 0) this.registry.assignSlot(registration)
    this.values[registration.slot] = instance
  }

  /** Checks what was made and remembers it if it has to be released. */
  track(registration: Registration, instance: unknown): void {
    if (instance === undefined) throw undefinedError(registration.token)
    const { disposal } = registration
    if (disposal === undefined || (disposal === 'inspect' && ownDisposer(instance) === undefined)) {
      registration.inert = inertPrototype(instance)
    } else this.#hold(registration, instance)
  }

  #hold(registration: Registration, instance: unknown): void {
    if (this.made === undefined) this.made = [{ registration, instance }]
    else this.made.push({ registration, instance })
    if (!this.lingering) return
    void settleQuietly(this)
    throw lateError(registration.token)
  }

  /** What the token leads to, unless it is a scoped one asked of the root. */
  #admit(token: Token<unknown>): Registration {
    const registration = this.registry.find(token)
    if (registration.lifetime !== SCOPED || this !== this.root) return registration
    throw new ContainerError('LEX_ERR_DI_009', `${token.name} is scoped and was asked of the application container`, {
      hint: 'Open a scope first: await using scope = container.scope().',
    })
  }

  /** Makes what is not in its place yet. */
  build(registration: Registration): unknown {
    if (registration.awaits) throw mustAwait
    const instance = this.make(registration)
    this.store(registration, instance)
    return instance
  }

  /** A factory gave its first promise: remember that for good, keep the promise for whoever resolves next. */
  #discover(registration: Registration, promise: Promise<unknown>): never {
    registration.asynchronous = true
    spreadAwaits(registration)
    void settle(this, registration, promise)
    throw mustAwait
  }
}

/** Instances of a class share its disposer or lack of one; plain objects and primitives have to be looked at each time. */
function inertPrototype(instance: unknown): object | null {
  const prototype: unknown = typeof instance === 'object' ? Object.getPrototypeOf(instance) : null
  return prototype === Object.prototype ? null : (prototype as object | null)
}

/** Ends a scope whose request was answered already; there is nobody left to reject to. */
async function settleQuietly(scope: LiveScope): Promise<void> {
  try {
    await scope.dispose()
  } catch (error) {
    scope.registry.onError(error)
  }
}
