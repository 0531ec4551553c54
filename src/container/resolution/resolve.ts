import { create, call, UnexpectedPromise, store, construct, compilePlan, getOrCreate } from './create.ts'
import { releaseQuietly } from './disposal.ts'
import { asyncError, endedError } from '../errors.ts'
import { SINGLETON, TRANSIENT } from '../../core/lifetime.ts'
import { ENDED } from './phase.ts'
import { awaitsTransient, planFor } from './plan.ts'
import type { Registration } from './entry.ts'
import type { ScopeNode, Pending } from '../scope.ts'

/**
 * Makes what an awaiting registration needs, in order, awaiting only real promises: a chain of n dependants of one
 * async factory costs one await, not n. `found` is a promise that a synchronous attempt has started already.
 */
export async function resolvePlanned(
  scope: ScopeNode,
  registration: Registration,
  found: UnexpectedPromise | undefined,
): Promise<unknown> {
  let plan: readonly Registration[] | undefined
  let entry: Pending | undefined
  publishPromise(scope, found)
  for (let i = 0; plan === undefined || i < plan.length;) {
    try {
      plan ??= currentPlan(scope, registration)
      const step = plan[i]!
      const owner = ownerOf(scope, step)
      if (scope.phase >= ENDED || owner.phase >= ENDED) throw endedError()
      if (owner.values[step.slot] !== undefined) {
        i++
        continue
      }
      const underway = findPending(scope, step)
      if (underway !== undefined) {
        underway.awaited = true
        await underway.promise
        continue
      }
      let made = start(owner, step, found)
      if (made instanceof Promise && (!step.construct || awaitsTransient(step))) {
        entry = addPending(pendingListOf(scope, step), step, made)
        made = await made
        removePending(entry)
        entry = undefined
        if (owner.values[step.slot] !== undefined) {
          // Another scope that must not be waited for was faster. Released here, while this request still lives.
          await releaseQuietly(step, made, owner.registry.disposal)
          continue
        }
        store(owner, step, made)
        if (scope.phase >= ENDED) throw endedError()
      } else store(owner, step, made)
      i++
      if (step.lifetime !== TRANSIENT) continue
      finishInBackground(scope, found)
      return made
    } catch (error) {
      if (entry !== undefined) removePending(entry)
      entry = undefined
      finishInBackground(scope, found)
      // A factory that was taken for synchronous gave a promise: plan again, now that this is known.
      if (!(error instanceof UnexpectedPromise)) throw error
      found = error
      publishPromise(scope, found)
      plan = undefined
      i = 0
    }
  }
  finishInBackground(scope, found)
  return ownerOf(scope, registration).values[registration.slot]
}

/** The instance of an awaiting registration, if everything asynchronous beneath it is there already. */
export function getPlanned(scope: ScopeNode, registration: Registration): unknown {
  if (wouldAwait(scope, registration, new Set())) throw asyncError(registration.token)
  return create(ownerOf(scope, registration), registration)
}

/** Sees to it that a promise found by surprise is in view at once, so that nobody makes the same again. */
function publishPromise(scope: ScopeNode, found: UnexpectedPromise | undefined): void {
  if (found?.registration.lifetime !== TRANSIENT) finishInBackground(scope, found)
}

/** Sees to it that what a promise brings finds its place, or is released, though nobody here waits for it. */
export function finishInBackground(scope: ScopeNode, found: UnexpectedPromise | undefined): void {
  if (found === undefined || found.claimed) return
  found.claimed = true
  void storeWhenSettled(scope, found)
}

async function storeWhenSettled(scope: ScopeNode, { registration, promise }: UnexpectedPromise): Promise<void> {
  const owner = ownerOf(scope, registration)
  const entry = addPending(pendingListOf(scope, registration), registration, promise)
  try {
    const instance = await promise
    if (registration.lifetime === TRANSIENT || owner.values[registration.slot] !== undefined) {
      await releaseQuietly(registration, instance, owner.registry.disposal)
    } else store(owner, registration, instance)
  } catch (error) {
    if (!entry.awaited) owner.registry.disposal.onError(error)
  } finally {
    removePending(entry)
  }
}

function currentPlan(scope: ScopeNode, registration: Registration): readonly Registration[] {
  if (!scope.provided) return registration.plan ?? compilePlan(scope, registration)
  return planFor(registration, (entry) => ownerOf(scope, entry).values[entry.slot] !== undefined)
}

function ownerOf(scope: ScopeNode, registration: Registration): ScopeNode {
  return registration.lifetime === SINGLETON ? scope.root : scope
}

/** Singletons in the making are seen by every scope only where one request may await another's I/O. */
function pendingListOf(scope: ScopeNode, step: Registration): ScopeNode {
  return scope.registry.sharesPending ? ownerOf(scope, step) : scope
}

function findPending(scope: ScopeNode, step: Registration): Pending | undefined {
  if (step.lifetime === TRANSIENT) return undefined
  let entry = pendingListOf(scope, step).pending
  while (entry !== undefined && entry.registration !== step) entry = entry.next
  return entry
}

function addPending(waiter: ScopeNode, registration: Registration, promise: Promise<unknown>): Pending {
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

function start(owner: ScopeNode, step: Registration, found: UnexpectedPromise | undefined): unknown {
  const claimed = usePromise(found, step)
  if (claimed !== undefined) return claimed
  return step.arity < 0 && awaitsTransient(step) ? callAwaiting(owner, step, found) : construct(owner, step)
}

/** Calls what has a transient dependency that has to be awaited each time. */
async function callAwaiting(
  owner: ScopeNode,
  step: Registration,
  found: UnexpectedPromise | undefined,
): Promise<unknown> {
  const args: unknown[] = []
  for (const dependency of step.dependencies) {
    const fresh = dependency.lifetime === TRANSIENT && dependency.awaits
    args.push(fresh ? await makeAwaiting(owner, dependency, found) : getOrCreate(owner, dependency))
  }
  if (owner.phase >= ENDED) throw endedError()
  return call(step, args)
}

async function makeAwaiting(
  owner: ScopeNode,
  step: Registration,
  found: UnexpectedPromise | undefined,
): Promise<unknown> {
  return store(owner, step, await (usePromise(found, step) ?? callAwaiting(owner, step, found)))
}

/** The promise that was found for this registration, once. */
function usePromise(found: UnexpectedPromise | undefined, step: Registration): Promise<unknown> | undefined {
  if (found === undefined || found.registration !== step || found.claimed) return undefined
  found.claimed = true
  return found.promise
}

/** Whether something asynchronous beneath the registration is not there yet. */
function wouldAwait(scope: ScopeNode, entry: Registration, seen: Set<Registration>): boolean {
  if (!entry.awaits || seen.has(entry) || ownerOf(scope, entry).values[entry.slot] !== undefined) return false
  seen.add(entry)
  return entry.asynchronous || entry.dependencies.some((dependency) => wouldAwait(scope, dependency, seen))
}
