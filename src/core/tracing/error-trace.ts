const traces = new WeakMap<object, string>()

/** Remembers in which trace something has failed, for whoever reports the error later. */
export function keepTraceOf(error: unknown, traceId: string): void {
  if (typeof error === 'object' && error !== null && traceId !== '') traces.set(error, traceId)
}

/** The trace in which it has failed, where it was traced. */
export function traceIdOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null ? traces.get(error) : undefined
}
