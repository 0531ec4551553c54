const traces = new WeakMap<object, string>()

/** Remembers the trace in which something failed, for a later report of the error. */
export function keepTraceOf(error: unknown, traceId: string): void {
  if (typeof error === 'object' && error !== null && traceId !== '') traces.set(error, traceId)
}

/** The trace in which it has failed, where it was traced. */
export function traceIdOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? traces.get(error) : undefined
}
