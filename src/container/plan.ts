import { TRANSIENT } from './lifetime.ts'
import type { Registration } from './registration.ts'

/**
 * The awaiting registrations that hold a place in a scope, dependencies first, that must exist before `registration`
 * can be made; itself last unless it is transient.
 */
export function planFor(registration: Registration): readonly Registration[] {
  const steps = new Set<Registration>()
  const visit = (entry: Registration): void => {
    if (!entry.awaits || steps.has(entry)) return
    for (const dependency of entry.dependencies) visit(dependency)
    if (entry.lifetime !== TRANSIENT) steps.add(entry)
  }
  visit(registration)
  return [...steps]
}

/** True when a dependency has to be awaited each time because nobody keeps it. */
export function awaitsTransient(registration: Registration): boolean {
  return registration.dependencies.some((d) => d.lifetime === TRANSIENT && d.awaits)
}

/** Marks a registration and all that depends on it as awaiting, and forgets plans made before that was known. */
export function spreadAwaits(registration: Registration): void {
  registration.plan = undefined
  if (registration.awaits) return
  registration.awaits = true
  for (const dependent of registration.dependents) spreadAwaits(dependent)
}
