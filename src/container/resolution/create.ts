import { ownDisposer, releaseQuietly } from './disposal.ts'
import { endedError, lateError, undefinedError } from '../errors.ts'
import { SINGLETON, TRANSIENT } from '../../core/lifetime.ts'
import { relink } from './link.ts'
import { placeOf, planFor } from './plan.ts'
import type { Registration } from './entry.ts'
import { ENDED, LINGERING, RELEASED } from './phase.ts'
import type { ScopeNode } from '../scope.ts'

/** Thrown to leave a synchronous build whose factory gave a promise; never leaves the container. */
export class UnexpectedPromise {
  readonly registration: Registration
  readonly promise: Promise<unknown>
  claimed = false

  constructor(registration: Registration, promise: Promise<unknown>) {
    this.registration = registration
    this.promise = promise
  }
}

/** The instance, from its place or newly made. */
export function getOrCreate(scope: ScopeNode, registration: Registration): unknown {
  const owner = registration.lifetime === SINGLETON ? scope.root : scope
  const present = owner.values[registration.slot]
  return present !== undefined ? present : create(owner, registration)
}

/**
 * Makes what a registration needs in this scope and then itself: one pass over a plan that is worked out once, with
 * one call per instance, because every request pays for it.
 */
export function create(scope: ScopeNode, registration: Registration): unknown {
  if (scope.phase >= ENDED) throw endedError()
  if (scope.provided || registration.awaits) {
    // Something may be in place whose dependencies are not, which a plan made once cannot know.
    return store(scope, registration, callWithTaken(scope, registration))
  }
  const plan = registration.plan ?? compilePlan(scope, registration)
  const { values } = scope
  let instance: unknown
  for (let i = 0; i < plan.length; i++) {
    const step = plan[i]!
    if (values[step.slot] !== undefined) continue
    instance = construct(scope, step)
    if (step.inspects && isNew(step, instance)) inspectInstance(scope, step, instance)
    if (step.slot !== 0) values[step.slot] = instance
  }
  return instance
}

/** Works out the plan, gives its steps their places and makes the singletons beneath them. */
export function compilePlan(scope: ScopeNode, registration: Registration): readonly Registration[] {
  const plan = planFor(registration)
  for (const step of plan) {
    const { dependencies } = step
    for (const dependency of dependencies) {
      if (dependency.lifetime === SINGLETON && !dependency.awaits) getOrCreate(scope, dependency)
    }
    if (step.slot === 0 && step.lifetime !== TRANSIENT) scope.registry.assignSlot(step)
    const inPlace = dependencies.length <= 3 && dependencies.every((d) => d.lifetime !== TRANSIENT)
    step.arity = inPlace ? dependencies.length : -1
    step.a = placeOf(dependencies[0])
    step.b = placeOf(dependencies[1])
    step.c = placeOf(dependencies[2])
  }
  return (registration.plan = plan)
}

/** Calls constructor or factory with dependencies that are in their places; written out per arity for speed. */
export function construct(scope: ScopeNode, step: Registration): unknown {
  const { create, construct } = step
  const { values } = scope
  const shared = scope.root.values
  const Class = create as unknown as new (...args: unknown[]) => unknown
  switch (step.arity) {
    case 0:
      return construct ? new Class() : create()
    case 1: {
      const a = step.a < 0 ? shared[~step.a] : values[step.a]
      return construct ? new Class(a) : create(a)
    }
    case 2: {
      const a = step.a < 0 ? shared[~step.a] : values[step.a]
      const b = step.b < 0 ? shared[~step.b] : values[step.b]
      return construct ? new Class(a, b) : create(a, b)
    }
    case 3: {
      const a = step.a < 0 ? shared[~step.a] : values[step.a]
      const b = step.b < 0 ? shared[~step.b] : values[step.b]
      const c = step.c < 0 ? shared[~step.c] : values[step.c]
      return construct ? new Class(a, b, c) : create(a, b, c)
    }
    default:
      return callWithTaken(scope, step)
  }
}

function callWithTaken(scope: ScopeNode, step: Registration): unknown {
  return call(
    step,
    step.dependencies.map((dependency) => getOrCreate(scope, dependency)),
  )
}

export function call({ create, construct }: Registration, args: readonly unknown[]): unknown {
  return construct ? new (create as unknown as new (...args: unknown[]) => unknown)(...args) : create(...args)
}

/** Checks what was made, and puts it in its place. */
export function store(owner: ScopeNode, registration: Registration, instance: unknown): unknown {
  if (registration.inspects && isNew(registration, instance)) inspectInstance(owner, registration, instance)
  if (registration.lifetime !== TRANSIENT) owner.store(registration, instance)
  return instance
}

/** Whether it is not yet known that instances like this need no care; `constructor` tells classes apart cheaply. */
function isNew(registration: Registration, instance: unknown): boolean {
  return (
    typeof registration.disposal === 'function' ||
    (instance as object | null | undefined)?.constructor !== registration.inert
  )
}

/** Refuses undefined, leaves the synchronous path on a promise, remembers what has to be released. */
function inspectInstance(scope: ScopeNode, registration: Registration, instance: unknown): void {
  if (instance === undefined) throw undefinedError(registration.token)
  const { construct, disposal } = registration
  if (!construct && instance instanceof Promise) {
    registration.asynchronous = true
    relink(scope.registry.all())
    throw new UnexpectedPromise(registration, instance)
  }
  if (typeof disposal === 'function' || (disposal === 'inspect' && ownDisposer(instance) !== undefined)) {
    trackForDisposal(scope, registration, instance)
  } else if (construct) registration.inspects = false
  else {
    const kind = instance?.constructor
    // Plain objects and functions share a constructor whether or not they carry a disposer.
    if (typeof kind === 'function' && kind !== Object && kind !== Function) registration.inert = kind
  }
}

function trackForDisposal(scope: ScopeNode, registration: Registration, instance: unknown): void {
  if (scope.phase === RELEASED) {
    void releaseQuietly(registration, instance, scope.registry.disposal)
    throw endedError()
  }
  if (scope.made === undefined) scope.made = [registration, instance]
  else scope.made.push(registration, instance)
  if (scope.phase !== LINGERING) return
  void endQuietly(scope)
  throw lateError(registration.token)
}

/** Ends a scope whose request was answered already; there is nobody left to reject to. */
async function endQuietly(scope: ScopeNode): Promise<void> {
  try {
    await scope.dispose()
  } catch (error) {
    scope.registry.disposal.onError(error)
  }
}
