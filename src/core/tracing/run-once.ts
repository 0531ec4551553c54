/**
 * Runs work inside of what a sink or tracer calls it in, and returns what it returned. The work runs exactly once, whether
 * `enter` calls it once, twice or never, and its own failure is the caller's; another one is reported.
 */
export function runOnce<T>(enter: (once: () => T) => unknown, work: () => T, report: (error: unknown) => void): T {
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined
  const once = (): T => {
    outcome ??= outcomeOf(work)
    if ('error' in outcome) throw outcome.error
    return outcome.value
  }
  try {
    enter(once)
  } catch (error) {
    if (outcome === undefined || !('error' in outcome) || outcome.error !== error) report(error)
  }
  return once()
}

function outcomeOf<T>(work: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}
