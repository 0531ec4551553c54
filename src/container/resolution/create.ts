import { ownDisposer, releaseQuietly } from './disposal.ts'
import { endedError, lateError, undefinedError } from '../errors.ts'
import { SINGLETON, TRANSIENT } from '../../core/lifetime.ts'
import { isThenable } from '../../core/time-limit.ts'
import { relink } from './link.ts'
import { sourceOf, planFor } from './plan.ts'
import type { Registration } from './entry.ts'
import { ENDED, ANSWERED, RELEASED } from './phase.ts'
import type { ScopeState } from './scope-state.ts'

/** Returned in place of an instance when a factory that was taken for synchronous returned a promise. */
export class PendingInstance {
  /** Whose factory it was: the one that was asked for, or one beneath it. */
  readonly registration: Registration
  readonly promise: Promise<unknown>
  /** Whether a caller sees to it that the instance is used or released. */
  claimed = false

  constructor(registration: Registration, promise: Promise<unknown>) {
    this.registration = registration
    this.promise = promise
  }
}

/** The instance, from its place or newly made; or a `PendingInstance`. */
export function getOrCreate(scope: ScopeState, registration: Registration): unknown {
  const owner = registration.lifetime === SINGLETON ? scope.root : scope
  const present = owner.values[registration.place]
  return present !== undefined ? present : create(owner, registration)
}

/**
 * Creates the instances that a registration needs in this scope and then its own, or returns a `PendingInstance`. It
 * goes once through a plan that is computed once, with one call per instance, because every request pays for it.
 */
export function create(scope: ScopeState, registration: Registration): unknown {
  assertOpen(scope)
  if (scope.provided || registration.awaits) {
    // An instance may be present without its dependencies, which a plan that is computed once cannot know.
    const instance = callWithTaken(scope, registration)
    return instance instanceof PendingInstance ? instance : keep(scope, registration, instance)
  }
  let { plan } = registration
  if (plan === undefined) {
    const compiled = compilePlan(scope, registration)
    if (compiled instanceof PendingInstance) return compiled
    plan = compiled
  }
  const { values } = scope
  let instance: unknown
  for (let i = 0; i < plan.length; i++) {
    const step = plan[i]! // `i` is below its length
    if (values[step.place] !== undefined) continue
    instance = construct(scope, step)
    if (step.argumentCount < 0 && instance instanceof PendingInstance) return instance
    if (step.mayNeedDisposal && isNew(step, instance)) {
      const pending = inspectInstance(scope, step, instance)
      if (pending !== undefined) return pending
    }
    if (step.place !== 0) values[step.place] = instance
  }
  return instance
}

/** @throws ContainerError `LEX_ERR_DI_011` when the scope has ended, or the container has: its singletons are released */
export function assertOpen(scope: ScopeState): void {
  if (scope.phase >= ENDED || scope.root.phase >= ENDED) throw endedError(scope)
}

/** Works out the plan, assigns places to its steps and makes the singletons that they need. */
export function compilePlan(scope: ScopeState, registration: Registration): readonly Registration[] | PendingInstance {
  const plan = planFor(registration)
  for (const step of plan) {
    const { dependencies } = step
    for (const dependency of dependencies) {
      if (dependency.lifetime !== SINGLETON || dependency.awaits) continue
      const instance = getOrCreate(scope, dependency)
      if (instance instanceof PendingInstance) return instance
    }
    if (step.place === 0 && step.lifetime !== TRANSIENT) scope.registry.assignPlace(step)
    const inPlace = dependencies.length <= 3 && dependencies.every((d) => d.lifetime !== TRANSIENT)
    step.argumentCount = inPlace ? dependencies.length : -1
    step.firstSource = sourceOf(dependencies[0])
    step.secondSource = sourceOf(dependencies[1])
    step.thirdSource = sourceOf(dependencies[2])
  }
  return (registration.plan = plan)
}

/** Calls constructor or factory with dependencies that are in their places; written out by their number for speed. */
export function construct(scope: ScopeState, step: Registration): unknown {
  const { create, construct } = step
  const { values } = scope
  const shared = scope.root.values
  const Class = create as unknown as new (...args: unknown[]) => unknown
  switch (step.argumentCount) {
    case 0:
      return construct ? new Class() : create()
    case 1: {
      const first = step.firstSource < 0 ? shared[~step.firstSource] : values[step.firstSource]
      return construct ? new Class(first) : create(first)
    }
    case 2: {
      const first = step.firstSource < 0 ? shared[~step.firstSource] : values[step.firstSource]
      const second = step.secondSource < 0 ? shared[~step.secondSource] : values[step.secondSource]
      return construct ? new Class(first, second) : create(first, second)
    }
    case 3: {
      const first = step.firstSource < 0 ? shared[~step.firstSource] : values[step.firstSource]
      const second = step.secondSource < 0 ? shared[~step.secondSource] : values[step.secondSource]
      const third = step.thirdSource < 0 ? shared[~step.thirdSource] : values[step.thirdSource]
      return construct ? new Class(first, second, third) : create(first, second, third)
    }
    default:
      return callWithTaken(scope, step)
  }
}

function callWithTaken(scope: ScopeState, step: Registration): unknown {
  const args: unknown[] = []
  for (const dependency of step.dependencies) {
    const instance = getOrCreate(scope, dependency)
    if (instance instanceof PendingInstance) return instance
    args.push(instance)
  }
  return call(step, args)
}

export function call({ create, construct }: Registration, args: readonly unknown[]): unknown {
  // Where `construct` is set, what was registered is a class.
  return construct ? new (create as unknown as new (...args: unknown[]) => unknown)(...args) : create(...args)
}

/** Checks what was made and puts it in its place; or returns a `PendingInstance`. */
export function keep(owner: ScopeState, registration: Registration, instance: unknown): unknown {
  if (registration.mayNeedDisposal && isNew(registration, instance)) {
    const pending = inspectInstance(owner, registration, instance)
    if (pending !== undefined) return pending
  }
  if (registration.lifetime !== TRANSIENT) putInPlace(owner, registration, instance)
  return instance
}

export function putInPlace(owner: ScopeState, registration: Registration, instance: unknown): void {
  if (registration.place === 0) owner.registry.assignPlace(registration)
  owner.values[registration.place] = instance
}

/** Whether it is not yet known that instances like this need no care; `constructor` tells classes apart cheaply. */
function isNew(registration: Registration, instance: unknown): boolean {
  return (
    typeof registration.disposal === 'function' ||
    (instance as object | null | undefined)?.constructor !== registration.undisposableClass
  )
}

/** Refuses undefined, remembers what has to be released; a promise makes the registration an asynchronous one. */
function inspectInstance(
  scope: ScopeState,
  registration: Registration,
  instance: unknown,
): PendingInstance | undefined {
  if (instance === undefined) throw undefinedError(registration.token)
  const { construct, disposal } = registration
  if (!construct && isThenable(instance)) {
    noteAsynchronous(scope, registration)
    return new PendingInstance(registration, promiseOf(instance))
  }
  if (typeof disposal === 'function' || (disposal === 'inspect' && ownDisposer(instance) !== undefined)) {
    trackForDisposal(scope, registration, instance)
  } else if (construct) registration.mayNeedDisposal = false
  else {
    const kind = instance?.constructor
    // Plain objects and functions share a constructor whether or not they carry a disposer.
    if (typeof kind === 'function' && kind !== Object && kind !== Function) registration.undisposableClass = kind
  }
  return undefined
}

/** A factory that was taken for synchronous has returned a promise. */
export function noteAsynchronous({ registry }: ScopeState, registration: Registration): void {
  registration.asynchronous = true
  relink(registry.all())
}

/** One promise for all who wait: what is lazy, such as a query, begins anew with each `then`. */
export function promiseOf(thenable: PromiseLike<unknown>): Promise<unknown> {
  return thenable instanceof Promise ? thenable : Promise.resolve(thenable)
}

function trackForDisposal(scope: ScopeState, registration: Registration, instance: unknown): void {
  if (scope.phase === RELEASED) {
    void releaseQuietly(registration, instance, scope.registry.disposal)
    throw endedError(scope)
  }
  scope.made = { owner: registration, instance, before: scope.made }
  if (scope.phase !== ANSWERED) return
  void endQuietly(scope)
  throw lateError(scope, registration.token)
}

/** Ends a scope where no caller is left to reject, or the caller gets another error. */
export async function endQuietly(scope: ScopeState): Promise<void> {
  try {
    await scope.dispose()
  } catch (error) {
    scope.registry.disposal.onError(error)
  }
}
