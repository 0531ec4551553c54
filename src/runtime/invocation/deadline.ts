import { longestTimer } from '../../core/time-limit.ts'

/** A signal that aborts with any of `signals`, or at `deadline` (milliseconds since the epoch). */
export function signalFor(signals: readonly AbortSignal[], deadline: number | undefined, now: number): AbortSignal {
  const all = deadline === undefined ? signals : [...signals, AbortSignal.timeout(delayOf(deadline - now))]
  if (all.length === 1) return all[0]!
  // Vercel's edge runtime has none.
  const { any } = AbortSignal as Partial<typeof AbortSignal>
  return any === undefined ? anyOf(all) : any.call(AbortSignal, [...all])
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
