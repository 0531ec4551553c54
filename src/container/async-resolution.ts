import { disposeAll } from './disposal.ts'
import { asyncError, endedError } from './errors.ts'
import { SINGLETON, TRANSIENT } from './lifetime.ts'
import { awaitsTransient, planFor } from './plan.ts'
import type { Registration } from './registration.ts'
import type { LiveScope } from './scope.ts'

/** Thrown to leave a synchronous build that met an async factory; never leaves the container. */
export const mustAwait = Symbol('async factory')

/**
 * Makes what an awaiting registration needs, in order, awaiting only real promises: a chain of n dependants of one
 * async factory costs one await, not n.
 */
export async function resolvePlanned(scope: LiveScope, registration: Registration): Promise<unknown> {
  const plan = (registration.plan ??= planFor(registration))
  for (let i = 0; i < plan.length;) {
    const step = plan[i]!
    const owner = step.lifetime === SINGLETON ? scope.root : scope
    if (owner.values[step.slot] !== undefined) {
      i++
      continue
    }
    const underway = waiting(scope, step).pending?.find((p) => p.registration === step)
    if (underway !== undefined) {
      await underway.promise
      continue
    }
    const made = awaitsTransient(step) ? createAwaiting(owner, step) : owner.create(step)
    if (made instanceof Promise && !(step.construct && !awaitsTransient(step))) await settle(scope, step, made)
    else keep(owner, step, made)
  }
  if (registration.lifetime !== TRANSIENT) {
    return (registration.lifetime === SINGLETON ? scope.root : scope).values[registration.slot]
  }
  return registration.asynchronous || awaitsTransient(registration)
    ? await makeAwaiting(scope, registration)
    : scope.make(registration)
}

/** The instance of an awaiting registration, if everything asynchronous beneath it is there already. */
export function getPlanned(scope: LiveScope, registration: Registration): unknown {
  const plan = (registration.plan ??= planFor(registration))
  for (const step of plan) {
    const owner = step.lifetime === SINGLETON ? scope.root : scope
    if (owner.values[step.slot] !== undefined) continue
    if (step.asynchronous || awaitsTransient(step)) throw asyncError(registration.token)
    keep(owner, step, owner.create(step))
  }
  if (registration.asynchronous && registration.lifetime === TRANSIENT) throw asyncError(registration.token)
  return scope.take(registration)
}

/**
 * Waits for one instance and puts it in its place. Whoever else wants it meanwhile awaits the same promise. If the
 * place was taken or the scope ended meanwhile, the late instance is released.
 */
export async function settle(scope: LiveScope, step: Registration, promise: Promise<unknown>): Promise<void> {
  const owner = step.lifetime === SINGLETON ? scope.root : scope
  const waiter = waiting(scope, step)
  const entry = { registration: step, promise }
  ;(waiter.pending ??= []).push(entry)
  try {
    const instance = await promise
    if (step.lifetime === TRANSIENT || owner.values[step.slot] !== undefined) return release(owner, step, instance)
    keep(owner, step, instance)
  } finally {
    waiter.pending = waiter.pending?.filter((p) => p !== entry)
    if (waiter.pending?.length === 0) waiter.pending = undefined
  }
  if (owner.ended) throw endedError()
}

/** Singletons in the making are seen by every scope only where one request may await another's I/O. */
function waiting(scope: LiveScope, step: Registration): LiveScope {
  return step.lifetime === SINGLETON && scope.registry.sharesPending ? scope.root : scope
}

function keep(owner: LiveScope, step: Registration, instance: unknown): void {
  owner.track(step, instance)
  owner.store(step, instance)
}

/** Makes a transient whose factory, or a transient dependency's factory, is async. */
async function makeAwaiting(scope: LiveScope, registration: Registration): Promise<unknown> {
  const instance = await createAwaiting(scope, registration)
  scope.track(registration, instance)
  return instance
}

async function createAwaiting(scope: LiveScope, registration: Registration): Promise<unknown> {
  const args: unknown[] = []
  for (const dependency of registration.dependencies) {
    const fresh = dependency.lifetime === TRANSIENT && dependency.awaits
    args.push(fresh ? await makeAwaiting(scope, dependency) : scope.take(dependency))
  }
  if (scope.ended) throw endedError()
  const { create, construct } = registration
  return construct ? new (create as unknown as new (...args: unknown[]) => unknown)(...args) : await create(...args)
}

async function release(owner: LiveScope, step: Registration, instance: unknown): Promise<void> {
  try {
    await disposeAll([{ registration: step, instance }], owner.registry.disposal)
  } catch (error) {
    owner.registry.onError(error)
  }
}
