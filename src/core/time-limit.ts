import { TimeoutError } from './errors.ts'

/** In milliseconds: a longer one fires at once. https://developer.mozilla.org/docs/Web/API/Window/setTimeout#maximum_delay_value */
export const longestTimer = 2 ** 31 - 1

/**
 * Settles like `work`, or rejects with a `TimeoutError` after `ms` milliseconds. The work itself is not stopped. The timer
 * runs only while work is pending, and not for limits longer than timers support.
 */
export async function within<T>(work: PromiseLike<T> | T, ms: number, what: string): Promise<T> {
  if (!isThenable(work) || ms > longestTimer) return work
  let timer: ReturnType<typeof setTimeout> | undefined
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(`${what} did not end within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, expiry])
  } finally {
    clearTimeout(timer)
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  // Any object may be asked for it.
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
}

/** A signal that aborts with any of `signals`, or at `deadline` (milliseconds since the epoch). */
export function signalFor(signals: readonly AbortSignal[], deadline: number | undefined, now: number): AbortSignal {
  return anySignal(deadline === undefined ? signals : [...signals, AbortSignal.timeout(delayOf(deadline - now))])
}

/** A signal that aborts with the first of several. */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  if (signals.length === 1) return signals[0]!
  // Vercel's edge runtime has no `any`.
  return (AbortSignal as Partial<typeof AbortSignal>).any?.([...signals]) ?? anyOf(signals)
}

/** What a timer can be set for: whole milliseconds, up to some weeks. */
function delayOf(milliseconds: number): number {
  return Math.min(Math.max(0, Math.floor(milliseconds)), longestTimer)
}

function anyOf(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController()
  for (const signal of signals) {
    const abort = (): void => controller.abort(signal.reason)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  }
  return controller.signal
}
