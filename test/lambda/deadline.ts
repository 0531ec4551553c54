import { vi } from 'vitest'

/** Runs an invocation until its time is over: a minute, which passes at once, or more. */
export async function untilDeadline<T>(start: () => Promise<T>, time = 60_000): Promise<T> {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  try {
    const work = start()
    // Seen below.
    work.catch(() => {})
    await vi.advanceTimersByTimeAsync(time)
    return await work
  } finally {
    vi.useRealTimers()
  }
}
