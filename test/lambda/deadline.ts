import { vi } from 'vitest'

/** Runs an invocation until its time is over: a minute, which passes at once. */
export async function untilDeadline<T>(start: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  try {
    const work = start()
    // Seen below.
    work.catch(() => {})
    await vi.advanceTimersByTimeAsync(60_000)
    return await work
  } finally {
    vi.useRealTimers()
  }
}
