/** A signal that aborts with any of `signals`, or at `deadline` (milliseconds since the epoch). */
export function signalFor(signals: readonly AbortSignal[], deadline: number | undefined, now: number): AbortSignal {
  const all = deadline === undefined ? signals : [...signals, AbortSignal.timeout(Math.max(0, deadline - now))]
  if (all.length === 1) return all[0]!
  return AbortSignal.any([...all])
}
