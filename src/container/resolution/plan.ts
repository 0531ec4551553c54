import { SINGLETON, TRANSIENT } from '../../core/lifetime.ts'
import type { Registration } from './entry.ts'

/**
 * The registrations that must have an instance before `registration` can, dependencies first, and `registration` last: scoped
 * ones, and singletons that must be awaited. The search does not go beyond what `isPresent` accepts.
 */
export function planFor(
  registration: Registration,
  isPresent: (entry: Registration) => boolean = () => false,
): readonly Registration[] {
  // Most plans are this simple, and a cold start makes many.
  if (registration.dependencies.every((d) => d.lifetime === SINGLETON && !d.awaits)) return [registration]
  const seen = new Set<Registration>()
  const steps: Registration[] = []
  const visit = (entry: Registration): void => {
    if (seen.has(entry) || (entry.lifetime === SINGLETON && !entry.awaits) || isPresent(entry)) return
    seen.add(entry)
    for (const dependency of entry.dependencies) visit(dependency)
    if (entry.lifetime !== TRANSIENT) steps.push(entry)
  }
  for (const dependency of registration.dependencies) visit(dependency)
  steps.push(registration)
  return steps
}

/** True when a dependency has to be awaited each time because no scope keeps it. */
export function awaitsTransient(registration: Registration): boolean {
  return registration.dependencies.some((d) => d.lifetime === TRANSIENT && d.awaits)
}

/**
 * Where the instance of a dependency is read from: index in the scope, or the complement of the index in the root.
 */
export function sourceOf(dependency: Registration | undefined): number {
  if (dependency === undefined) return 0
  return dependency.lifetime === SINGLETON ? ~dependency.place : dependency.place
}
