import {
  assertOpen,
  call,
  compilePlan,
  construct,
  create,
  getOrCreate,
  keep,
  noteAsynchronous,
  PendingInstance,
  promiseOf,
} from './create.ts'
import { releaseQuietly } from './disposal.ts'
import { asyncError } from '../errors.ts'
import { SINGLETON, TRANSIENT } from '../../core/lifetime.ts'
import { isThenable } from '../../core/time-limit.ts'
import { awaitsTransient, planFor } from './plan.ts'
import type { Registration } from './entry.ts'
import type { Pending, ScopeState } from './scope-state.ts'

/**
 * Makes what an awaiting registration needs, in order, awaiting only real promises: a chain of n dependants of one
 * async factory costs one await, not n. `found` is a promise that an attempt has started already and that a step of the
 * plan may claim.
 */
export async function resolvePlanned(
  scope: ScopeState,
  registration: Registration,
  found?: PendingInstance,
): Promise<unknown> {
  // Again after every await: in between nothing ends a scope.
  assertOpen(scope)
  let { plan } = registration
  if (plan === undefined || scope.provided) {
    const current = currentPlan(scope, registration)
    if (current instanceof PendingInstance) return resolveFound(scope, registration, current)
    plan = current
  }
  for (let i = 0; i < plan.length; i++) {
    const step = plan[i]! // `i` is below its length
    const owner = ownerOf(scope, step)
    // A transient has no place: it is made, and ends the plan.
    while (owner.values[step.place] === undefined) {
      const underway = findPending(scope, step)
      if (underway !== undefined) {
        underway.awaited = true
        await underway.promise
        assertOpen(scope)
        continue
      }
      let instance = start(owner, step, found)
      const awaited = isThenable(instance) && (!step.construct || awaitsTransient(step))
      if (awaited) {
        const promise = promiseOf(instance as PromiseLike<unknown>) // `awaited` says so
        const entry = addPending(pendingListOf(scope, step), step, promise)
        // Another caller must look for it among what is pending.
        if (!step.awaits) noteAsynchronous(scope, step)
        try {
          instance = await promise
        } catch (error) {
          removePending(entry)
          throw error
        }
        removePending(entry)
      }
      if (step.argumentCount < 0 && instance instanceof PendingInstance)
        return resolveFound(scope, registration, instance)
      if (awaited && owner.values[step.place] !== undefined) {
        // Another scope that must not be waited for was faster. Released here, while this request still lives.
        await releaseQuietly(step, instance, owner.registry.disposal)
        assertOpen(scope)
        break
      }
      keep(owner, step, instance)
      if (awaited) assertOpen(scope)
      if (step.lifetime === TRANSIENT) return instance
    }
  }
  return ownerOf(scope, registration).values[registration.place]
}

/** Resolves after a factory that was taken for synchronous has returned a promise: the plan awaits it from now on. */
export async function resolveFound(
  scope: ScopeState,
  registration: Registration,
  found: PendingInstance,
): Promise<unknown> {
  // In view at once, so that no other caller makes the same again; a transient one belongs to the step that needs it.
  if (found.registration.lifetime !== TRANSIENT) settleInBackground(scope, found)
  try {
    return await resolvePlanned(scope, registration, found)
  } finally {
    settleInBackground(scope, found)
  }
}

/** The instance of an awaiting registration, if everything asynchronous beneath it is there already. */
export function getPlanned(scope: ScopeState, registration: Registration): unknown {
  assertOpen(scope)
  if (wouldAwait(scope, registration, new Set())) throw asyncError(registration.token)
  return create(ownerOf(scope, registration), registration)
}

/** Sees to it that what a promise brings finds its place, or is released, though no caller here waits for it. */
export function settleInBackground(scope: ScopeState, found: PendingInstance): void {
  if (found.claimed) return
  found.claimed = true
  void keepWhenSettled(scope, found)
}

async function keepWhenSettled(scope: ScopeState, { registration, promise }: PendingInstance): Promise<void> {
  const owner = ownerOf(scope, registration)
  const entry = addPending(pendingListOf(scope, registration), registration, promise)
  try {
    const instance = await promise
    if (registration.lifetime === TRANSIENT || owner.values[registration.place] !== undefined) {
      await releaseQuietly(registration, instance, owner.registry.disposal)
    } else keep(owner, registration, instance)
  } catch (error) {
    if (!entry.awaited) owner.registry.disposal.onError(error)
  } finally {
    removePending(entry)
  }
}

function currentPlan(scope: ScopeState, registration: Registration): readonly Registration[] | PendingInstance {
  if (!scope.provided) return registration.plan ?? compilePlan(scope, registration)
  return planFor(registration, (entry) => ownerOf(scope, entry).values[entry.place] !== undefined)
}

function ownerOf(scope: ScopeState, registration: Registration): ScopeState {
  return registration.lifetime === SINGLETON ? scope.root : scope
}

/** Singletons in the making are seen by every scope only where one request may await another's I/O. */
function pendingListOf(scope: ScopeState, step: Registration): ScopeState {
  return scope.registry.sharesPending ? ownerOf(scope, step) : scope
}

function findPending(scope: ScopeState, step: Registration): Pending | undefined {
  if (step.lifetime === TRANSIENT) return undefined
  let entry = pendingListOf(scope, step).pending
  while (entry !== undefined && entry.registration !== step) entry = entry.next
  return entry
}

function addPending(waiter: ScopeState, registration: Registration, promise: Promise<unknown>): Pending {
  return (waiter.pending = { waiter, registration, promise, awaited: false, next: waiter.pending })
}

function removePending(entry: Pending): void {
  let before = entry.waiter.pending
  if (before === entry) {
    entry.waiter.pending = entry.next
    return
  }
  while (before !== undefined && before.next !== entry) before = before.next
  if (before !== undefined) before.next = entry.next
}

function start(owner: ScopeState, step: Registration, found: PendingInstance | undefined): unknown {
  const claimed = claim(found, step)
  if (claimed !== undefined) return claimed
  return step.argumentCount < 0 && awaitsTransient(step) ? callAwaiting(owner, step, found) : construct(owner, step)
}

/** Calls what has a transient dependency that has to be awaited each time; or resolves with a `PendingInstance`. */
async function callAwaiting(
  owner: ScopeState,
  step: Registration,
  found: PendingInstance | undefined,
): Promise<unknown> {
  const args: unknown[] = []
  for (const dependency of step.dependencies) {
    const fresh = dependency.lifetime === TRANSIENT && dependency.awaits
    const instance = fresh ? await makeAwaiting(owner, dependency, found) : getOrCreate(owner, dependency)
    if (instance instanceof PendingInstance) return instance
    args.push(instance)
  }
  assertOpen(owner)
  return call(step, args)
}

async function makeAwaiting(
  owner: ScopeState,
  step: Registration,
  found: PendingInstance | undefined,
): Promise<unknown> {
  const instance = await (claim(found, step) ?? callAwaiting(owner, step, found))
  return instance instanceof PendingInstance ? instance : keep(owner, step, instance)
}

/** The promise that was found for this registration, once. */
function claim(found: PendingInstance | undefined, step: Registration): Promise<unknown> | undefined {
  if (found === undefined || found.registration !== step || found.claimed) return undefined
  found.claimed = true
  return found.promise
}

/** Whether something asynchronous beneath the registration is not there yet. */
function wouldAwait(scope: ScopeState, entry: Registration, seen: Set<Registration>): boolean {
  if (!entry.awaits || seen.has(entry) || ownerOf(scope, entry).values[entry.place] !== undefined) return false
  seen.add(entry)
  return entry.asynchronous || entry.dependencies.some((dependency) => wouldAwait(scope, dependency, seen))
}
