/**
 * Runs work within `enter`, a callback of a sink or tracer, and returns the result of the work. The work runs exactly once,
 * whether `enter` calls it once, twice or never. A failure of the work is thrown; a failure of `enter` is reported.
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
