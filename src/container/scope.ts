import { finishInBackground, getPlanned, resolvePlanned } from './resolution/resolve.ts'
import { create, UnexpectedPromise, getOrCreate } from './resolution/create.ts'
import { disposeAfter, disposeAll, type MadeInstances } from './resolution/disposal.ts'
import { asyncError, ContainerError, endedError, undefinedError } from './errors.ts'
import { SCOPED, SINGLETON } from '../core/lifetime.ts'
import { scopedBelow } from './resolution/link.ts'
import { resolveOwned } from './resolution/own-scope.ts'
import { ENDED, LINGERING, OPEN, RELEASED, type Phase } from './resolution/phase.ts'
import type { Registration } from './resolution/entry.ts'
import type { Registry } from './resolution/registry.ts'
import type { Scope } from './resolver.ts'
import { namedVariants, type Resolved, type Token } from '../core/token.ts'

/** An async creation under way; a list, newest first. */
export interface Pending {
  readonly waiter: ScopeNode
  readonly registration: Registration
  readonly promise: Promise<unknown>
  /** Whether somebody will see its failure. */
  awaited: boolean
  next: Pending | undefined
}

/**
 * A scope, or the root: one class, so that the hot path sees one shape. Members beyond `Scope` belong to the
 * container's own files; they are not `#private` because those files share the hot path.
 */
export class ScopeNode implements Scope {
  readonly registry: Registry
  readonly root: ScopeNode
  readonly parent: ScopeNode | undefined
  readonly values: unknown[]
  made: MadeInstances | undefined = undefined
  pending: Pending | undefined = undefined
  children: Set<ScopeNode> | undefined = undefined
  phase: Phase = OPEN
  /** Whether an instance was handed in whose dependencies may never be made. */
  provided = false
  /** What was handed in: scopes beneath have it too. */
  given: Registration[] | undefined = undefined

  constructor(registry: Registry, parent: ScopeNode | undefined) {
    this.registry = registry
    this.root = parent === undefined ? this : parent.root
    this.parent = parent
    // A literal is made in place; `new Array(n)` is a call.
    this.values = [undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined]
    for (let i = registry.scopedSlots; i > 8; i--) this.values.push(undefined)
  }

  scope(): ScopeNode {
    if (this.phase >= ENDED) throw endedError()
    const child = new ScopeNode(this.registry, this)
    // The root keeps no list: a forgotten request scope must be garbage, not a leak.
    if (this === this.root) return child
    ;(this.children ??= new Set()).add(child)
    for (const registration of this.given ?? []) child.take(registration, this.values[registration.slot])
    return child
  }

  get<T>(token: Token<T>): T {
    if (this.phase >= ENDED) throw endedError(token)
    const registration = this.registry.find(token)
    const { lifetime } = registration
    if (lifetime !== SINGLETON && this === this.root) assertScopeless(registration)
    const owner = lifetime === SINGLETON ? this.root : this
    const present = owner.values[registration.slot]
    // That the instance has the token's type was checked where it was registered.
    return (present !== undefined ? present : getAbsent(owner, registration)) as T
  }

  resolve<T>(token: Token<T>): Promise<T> {
    try {
      const registration = this.registry.find(token)
      if (this.phase >= ENDED) throw endedError(token)
      if (this === this.root) {
        if (registration.ownScope) return resolveOwned(this, registration) as Promise<T>
        assertScopeless(registration)
      }
      if (registration.awaits) return resolvePlanned(this, registration, undefined) as Promise<T>
      return Promise.resolve(getOrCreate(this, registration)) as Promise<T>
    } catch (error) {
      if (!(error instanceof UnexpectedPromise)) return Promise.reject(error)
      return resolvePlanned(this, this.registry.find(token), error) as Promise<T>
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
    if (registration.overridden) return this
    if (instance !== undefined && this.values[registration.slot] === instance) return this
    if (this === this.root || this.phase >= ENDED || registration.lifetime !== SCOPED || this.isMade(registration)) {
      throw new ContainerError('LEX_ERR_DI_001', `${token.name} cannot be provided to this scope`, {
        hint: 'Provide scoped tokens only, right after the scope was opened.',
      })
    }
    if (instance === undefined) throw undefinedError(token)
    this.take(registration, instance)
    return this
  }

  get needsDisposal(): boolean {
    return this.made !== undefined || this.pending !== undefined || (this.children?.size ?? 0) > 0
  }

  closeToDisposables(): void {
    if (this.phase === OPEN) this.phase = LINGERING
  }

  dispose(): void | Promise<void> {
    if (this.phase >= ENDED) return
    const { made, pending, children, registry } = this
    if (this.parent !== undefined) this.parent.children?.delete(this)
    if (pending === undefined && children === undefined) {
      this.phase = RELEASED
      return made === undefined ? undefined : disposeAll(made, registry.disposal)
    }
    this.phase = ENDED
    const before: Promise<unknown>[] = [...(children ?? [])].map((child) => child[Symbol.asyncDispose]())
    for (let entry = pending; entry !== undefined; entry = entry.next) before.push(entry.promise)
    const last = (): MadeInstances => {
      this.phase = RELEASED
      return this.made ?? []
    }
    return disposeAfter(before, last, registry.disposal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose()
  }

  /** Keeps an instance that was handed in, here or to the scope above. */
  private take(registration: Registration, instance: unknown): void {
    this.store(registration, instance)
    ;(this.given ??= []).push(registration)
    if (registration.dependencies.length > 0) this.provided = true
  }

  /** Whether this scope has an instance that is not the one of the scope above, which it may replace. */
  private isMade({ slot }: Registration): boolean {
    const present = this.values[slot]
    return present !== undefined && present !== this.parent?.values[slot]
  }

  store(registration: Registration, instance: unknown): void {
    if (registration.slot === 0) this.registry.assignSlot(registration)
    this.values[registration.slot] = instance
  }
}

function getAbsent(owner: ScopeNode, registration: Registration): unknown {
  try {
    return registration.awaits ? getPlanned(owner, registration) : create(owner, registration)
  } catch (error) {
    if (!(error instanceof UnexpectedPromise)) throw error
    finishInBackground(owner, error)
    throw asyncError(registration.token)
  }
}

/** What needs a scope cannot be asked of the application container. */
function assertScopeless(registration: Registration): void {
  if (!scopedBelow(registration)) return
  throw new ContainerError('LEX_ERR_DI_009', `${registration.token.name} needs a scope`, {
    hint: 'Open one first: await using scope = container.scope().',
  })
}
