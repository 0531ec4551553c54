import type { Miniflare } from 'miniflare'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Takes the signals back from what Miniflare registers while it is made: it would end the process at once. */
export function keepingSignals(make: () => Miniflare): Miniflare {
  const before = new Map(signals.map((name) => [name, process.listeners(name)]))
  const miniflare = make()
  for (const [name, listeners] of before) {
    for (const listener of process.listeners(name)) if (!listeners.includes(listener)) process.off(name, listener)
  }
  return miniflare
}

/** Waits until workerd answers, or ends it when that fails or it is no longer needed. */
export async function whenReady(miniflare: Miniflare, signal: AbortSignal): Promise<Miniflare> {
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    await Promise.race([miniflare.ready, aborted.promise])
    return miniflare
  } catch (error) {
    await miniflare.dispose().catch(() => {})
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
