import { TimeoutError } from './errors.ts'

/** In milliseconds: a longer one fires at once. https://developer.mozilla.org/docs/Web/API/Window/setTimeout#maximum_delay_value */
export const longestTimer = 2 ** 31 - 1

/**
 * Settles like `work`, or rejects with a `TimeoutError` after `ms` milliseconds. The work itself is not stopped. The timer
 * is armed only while something is pending, and not at all for a limit beyond what timers can do.
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
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function'
}
