import { getPlanned, resolveFound, resolvePlanned, settleInBackground } from './resolution/resolve.ts'
import { assertOpen, create, getOrCreate, PendingInstance, putInPlace } from './resolution/create.ts'
import {
  disposeAfter,
  disposeAll,
  type DisposalOptions,
  type MadeInstance,
  type OnReleased,
} from './resolution/disposal.ts'
import { asyncError, ContainerError, endedError, undefinedError } from './errors.ts'
import { SCOPED, SINGLETON } from '../core/lifetime.ts'
import { needsScope } from './resolution/link.ts'
import { resolveOwned } from './resolution/own-scope.ts'
import { ENDED, ANSWERED, OPEN, RELEASED, type Phase } from './resolution/phase.ts'
import type { Registration } from './resolution/entry.ts'
import type { Registry } from './resolution/registry.ts'
import type { Pending, ScopeState } from './resolution/scope-state.ts'
import type { Scope } from './resolver.ts'
import { namedVariants, type Resolved, type Token } from '../core/token.ts'

/**
 * A scope, or the root: one class, so that the hot path sees one shape. Members beyond `Scope` belong to the
 * container's own files; they are not `#private` because those files share the hot path.
 */
export class ScopeNode implements Scope, ScopeState {
  readonly registry: Registry
  readonly root: ScopeNode
  readonly parent: ScopeNode | undefined
  readonly values: unknown[]
  made: MadeInstance | undefined = undefined
  pending: Pending | undefined = undefined
  children: Set<ScopeNode> | undefined = undefined
  phase: Phase = OPEN
  /** Settles well when a scope beneath another has ended; undefined before it is being ended. */
  ending: Promise<void> | undefined = undefined
  provided = false
  /** What was handed in: scopes beneath have it too. */
  given: Registration[] | undefined = undefined

  constructor(registry: Registry, parent: ScopeNode | undefined) {
    this.registry = registry
    this.root = parent === undefined ? this : parent.root
    this.parent = parent
    // A literal is made in place; `new Array(n)` is a call.
    this.values = [undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined]
    for (let i = registry.scopedPlaces; i > 8; i--) this.values.push(undefined)
  }

  scope(): ScopeNode {
    assertOpen(this)
    const child = new ScopeNode(this.registry, this)
    // The root keeps no list: a forgotten request scope must be garbage, not a leak.
    if (this === this.root) return child
    ;(this.children ??= new Set()).add(child)
    for (const registration of this.given ?? []) child.take(registration, this.values[registration.place])
    return child
  }

  get<T>(token: Token<T>): T {
    if (this.phase >= ENDED) throw endedError(this, token)
    const registration = this.registry.find(token)
    const { lifetime } = registration
    if (lifetime !== SINGLETON && this === this.root) assertScopeless(registration)
    const owner = lifetime === SINGLETON ? this.root : this
    const present = owner.values[registration.place]
    // That the instance has the token's type was checked where it was registered.
    return (present !== undefined ? present : getAbsent(owner, registration)) as T
  }

  resolve<T>(token: Token<T>): Promise<T> {
    try {
      const registration = this.registry.find(token)
      if (this.phase >= ENDED) throw endedError(this, token)
      // The instance has the token's type, which is checked where it is registered.
      if (this === this.root) {
        if (registration.ownScope) return resolveOwned(this.scope(), registration) as Promise<T>
        assertScopeless(registration)
      }
      if (registration.awaits) return resolvePlanned(this, registration) as Promise<T>
      const instance = getOrCreate(this, registration)
      if (instance instanceof PendingInstance) return resolveFound(this, registration, instance) as Promise<T>
      return Promise.resolve(instance as T) // as above
    } catch (error) {
      return Promise.reject(error)
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
    if (instance !== undefined && this.values[registration.place] === instance) return this
    if (this.phase >= ENDED) throw endedError(this, token)
    const refusal = this.refusalOf(registration)
    if (refusal !== undefined) {
      throw new ContainerError('LEX_ERR_DI_001', `${token.name} cannot be provided: ${refusal}`, {
        hint: 'Provide scoped tokens only, right after the scope was opened.',
      })
    }
    if (instance === undefined) throw undefinedError(token)
    this.take(registration, instance)
    return this
  }

  dispose(): void | Promise<void> {
    return this.end(this.registry.disposal)
  }

  end(disposal: DisposalOptions): void | Promise<void> {
    if (this.phase >= ENDED) return
    const siblings = this.parent?.children
    siblings?.delete(this)
    const ending = this.release(disposal)
    if (ending !== undefined && siblings !== undefined) {
      // Its disposers may still use what the scope above would release.
      siblings.add(this)
      const leave = (): void => void siblings.delete(this)
      this.ending = ending.then(leave, leave)
    }
    return ending
  }

  private release(disposal: DisposalOptions): void | Promise<void> {
    const { made, pending, children } = this
    if (this.parent === undefined) this.values.fill(undefined)
    if (pending === undefined && children === undefined) {
      this.phase = RELEASED
      return made === undefined ? undefined : disposeAll(made, disposal)
    }
    this.phase = ENDED
    const before: Promise<unknown>[] = [...(children ?? [])].map(
      (child) => child.ending ?? child[Symbol.asyncDispose](),
    )
    for (let entry = pending; entry !== undefined; entry = entry.next) before.push(entry.promise)
    const last = (): MadeInstance | undefined => {
      this.phase = RELEASED
      // The pending instances have settled.
      if (this.parent === undefined) this.values.fill(undefined)
      return this.made
    }
    return disposeAfter(before, last, disposal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose()
  }

  /** Keeps an instance that was handed in, here or to the scope above. */
  private take(registration: Registration, instance: unknown): void {
    putInPlace(this, registration, instance)
    ;(this.given ??= []).push(registration)
    if (registration.dependencies.length > 0) this.provided = true
  }

  /** Whether this scope has an instance that is not the one of the scope above, which it may replace. */
  private isMade({ place }: Registration): boolean {
    const present = this.values[place]
    return present !== undefined && present !== this.parent?.values[place]
  }

  /** Why an instance cannot be handed in. */
  private refusalOf(registration: Registration): string | undefined {
    if (this === this.root) return 'the container is not a scope'
    if (registration.lifetime !== SCOPED) {
      return `it is a ${registration.lifetime === SINGLETON ? 'singleton' : 'transient'}`
    }
    return this.isMade(registration) ? 'this scope has an instance of it already' : undefined
  }
}

/** Whether ending the scope would release something, or wait for something in the making. */
export function needsDisposal(scope: Scope): boolean {
  if (!(scope instanceof ScopeNode)) return true
  return scope.made !== undefined || scope.pending !== undefined || (scope.children?.size ?? 0) > 0
}

/** Ends a scope, and says when each instance that is released asynchronously was. */
export async function disposeObserved(scope: Scope, onReleased: OnReleased): Promise<void> {
  await (scope instanceof ScopeNode ? scope.end({ ...scope.registry.disposal, onReleased }) : scope.dispose())
}

/**
 * Marks a scope that no caller will end, because it holds nothing. From then on, creating an instance that must be
 * released is an error (`LEX_ERR_DI_011`). Everything else still works.
 */
export function closeToDisposables(scope: Scope): void {
  if (scope instanceof ScopeNode && scope.phase === OPEN) scope.phase = ANSWERED
}

function getAbsent(owner: ScopeNode, registration: Registration): unknown {
  const instance = registration.awaits ? getPlanned(owner, registration) : create(owner, registration)
  if (!(instance instanceof PendingInstance)) return instance
  settleInBackground(owner, instance)
  throw asyncError(registration.token)
}

/** What needs a scope cannot be asked of the application container. */
function assertScopeless(registration: Registration): void {
  if (!needsScope(registration)) return
  throw new ContainerError('LEX_ERR_DI_009', `${registration.token.name} cannot be resolved without a scope`, {
    hint: 'Open one first: await using scope = container.scope().',
  })
}
