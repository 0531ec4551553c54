import { TimeoutError } from '../errors.ts'

/** In milliseconds: a longer one fires at once. https://developer.mozilla.org/docs/Web/API/Window/setTimeout#maximum_delay_value */
const longestTimer = 2 ** 31 - 1

/** Settles like `work`, or rejects with a `TimeoutError` after `ms` milliseconds. The work itself is not stopped. */
export async function within<T>(work: Promise<T> | T, ms: number, what: string): Promise<T> {
  if (!(work instanceof Promise) || ms > longestTimer) return work
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

/** A signal that aborts with any of `signals`, or at `deadline` (milliseconds since the epoch). */
export function signalFor(signals: readonly AbortSignal[], deadline: number | undefined, now: number): AbortSignal {
  const all = deadline === undefined ? signals : [...signals, AbortSignal.timeout(Math.max(0, deadline - now))]
  if (all.length === 1) return all[0]!
  return AbortSignal.any([...all])
}
