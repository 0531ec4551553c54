import { build, call, Discovered, keep, make, prepare, take } from './create.ts'
import { releaseQuietly } from './disposal.ts'
import { asyncError, endedError } from '../errors.ts'
import { SINGLETON, TRANSIENT } from '../../core/lifetime.ts'
import { ENDED } from './phase.ts'
import { awaitsTransient, planFor } from './plan.ts'
import type { Registration } from './entry.ts'
import type { LiveScope, Pending } from '../scope.ts'

/**
 * Makes what an awaiting registration needs, in order, awaiting only real promises: a chain of n dependants of one
 * async factory costs one await, not n. `found` is a promise that a synchronous attempt has started already.
 */
export async function resolvePlanned(
  scope: LiveScope,
  registration: Registration,
  found: Discovered | undefined,
): Promise<unknown> {
  let plan: readonly Registration[] | undefined
  let entry: Pending | undefined
  receive(scope, found)
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
        entry = enter(waiting(scope, step), step, made)
        made = await made
        leave(entry)
        entry = undefined
        if (owner.values[step.slot] !== undefined) {
          // Another scope that must not be waited for was faster. Released here, while this request still lives.
          await releaseQuietly(step, made, owner.registry.disposal)
          continue
        }
        keep(owner, step, made)
        if (scope.phase >= ENDED) throw endedError()
      } else keep(owner, step, made)
      i++
      if (step.lifetime !== TRANSIENT) continue
      abandon(scope, found)
      return made
    } catch (error) {
      if (entry !== undefined) leave(entry)
      entry = undefined
      abandon(scope, found)
      // A factory that was taken for synchronous gave a promise: plan again, now that this is known.
      if (!(error instanceof Discovered)) throw error
      found = error
      receive(scope, found)
      plan = undefined
      i = 0
    }
  }
  abandon(scope, found)
  return ownerOf(scope, registration).values[registration.slot]
}

/** The instance of an awaiting registration, if everything asynchronous beneath it is there already. */
export function getPlanned(scope: LiveScope, registration: Registration): unknown {
  if (wouldAwait(scope, registration, new Set())) throw asyncError(registration.token)
  return build(ownerOf(scope, registration), registration)
}

/** Sees to it that a promise found by surprise is in view at once, so that nobody makes the same again. */
function receive(scope: LiveScope, found: Discovered | undefined): void {
  if (found?.registration.lifetime !== TRANSIENT) abandon(scope, found)
}

/** Sees to it that what a promise brings finds its place, or is released, though nobody here waits for it. */
export function abandon(scope: LiveScope, found: Discovered | undefined): void {
  if (found === undefined || found.claimed) return
  found.claimed = true
  void adopt(scope, found)
}

async function adopt(scope: LiveScope, { registration, promise }: Discovered): Promise<void> {
  const owner = ownerOf(scope, registration)
  const entry = enter(waiting(scope, registration), registration, promise)
  try {
    const instance = await promise
    if (registration.lifetime === TRANSIENT || owner.values[registration.slot] !== undefined) {
      await releaseQuietly(registration, instance, owner.registry.disposal)
    } else keep(owner, registration, instance)
  } catch (error) {
    if (!entry.awaited) owner.registry.disposal.onError(error)
  } finally {
    leave(entry)
  }
}

function currentPlan(scope: LiveScope, registration: Registration): readonly Registration[] {
  if (!scope.provided) return registration.plan ?? prepare(scope, registration)
  return planFor(registration, (entry) => ownerOf(scope, entry).values[entry.slot] !== undefined)
}

function ownerOf(scope: LiveScope, registration: Registration): LiveScope {
  return registration.lifetime === SINGLETON ? scope.root : scope
}

/** Singletons in the making are seen by every scope only where one request may await another's I/O. */
function waiting(scope: LiveScope, step: Registration): LiveScope {
  return scope.registry.sharesPending ? ownerOf(scope, step) : scope
}

function findPending(scope: LiveScope, step: Registration): Pending | undefined {
  if (step.lifetime === TRANSIENT) return undefined
  let entry = waiting(scope, step).pending
  while (entry !== undefined && entry.registration !== step) entry = entry.next
  return entry
}

function enter(waiter: LiveScope, registration: Registration, promise: Promise<unknown>): Pending {
  return (waiter.pending = { waiter, registration, promise, awaited: false, next: waiter.pending })
}

function leave(entry: Pending): void {
  let before = entry.waiter.pending
  if (before === entry) {
    entry.waiter.pending = entry.next
    return
  }
  while (before !== undefined && before.next !== entry) before = before.next
  if (before !== undefined) before.next = entry.next
}

function start(owner: LiveScope, step: Registration, found: Discovered | undefined): unknown {
  const claimed = claim(found, step)
  if (claimed !== undefined) return claimed
  return step.arity < 0 && awaitsTransient(step) ? callAwaiting(owner, step, found) : make(owner, step)
}

/** Calls what has a transient dependency that has to be awaited each time. */
async function callAwaiting(owner: LiveScope, step: Registration, found: Discovered | undefined): Promise<unknown> {
  const args: unknown[] = []
  for (const dependency of step.dependencies) {
    const fresh = dependency.lifetime === TRANSIENT && dependency.awaits
    args.push(fresh ? await makeAwaiting(owner, dependency, found) : take(owner, dependency))
  }
  if (owner.phase >= ENDED) throw endedError()
  return call(step, args)
}

async function makeAwaiting(owner: LiveScope, step: Registration, found: Discovered | undefined): Promise<unknown> {
  return keep(owner, step, await (claim(found, step) ?? callAwaiting(owner, step, found)))
}

/** The promise that was found for this registration, once. */
function claim(found: Discovered | undefined, step: Registration): Promise<unknown> | undefined {
  if (found === undefined || found.registration !== step || found.claimed) return undefined
  found.claimed = true
  return found.promise
}

/** Whether something asynchronous beneath the registration is not there yet. */
function wouldAwait(scope: LiveScope, entry: Registration, seen: Set<Registration>): boolean {
  if (!entry.awaits || seen.has(entry) || ownerOf(scope, entry).values[entry.slot] !== undefined) return false
  seen.add(entry)
  return entry.asynchronous || entry.dependencies.some((dependency) => wouldAwait(scope, dependency, seen))
}
