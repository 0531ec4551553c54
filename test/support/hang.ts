/** Barks when it has not been fed for `limit` milliseconds: something hangs. */
export interface Watchdog {
  feed(): void
  stop(): void
}

export function watchdog(limit: number, bark: () => void): Watchdog {
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => clearTimeout(timer)
  const feed = (): void => {
    stop()
    timer = setTimeout(bark, limit)
  }
  feed()
  return { feed, stop }
}

/** What the work comes to, or `undefined` when it hangs: then it has not settled within `limit` milliseconds. */
export async function withLimit<T>(work: Promise<T>, limit: number): Promise<T | undefined> {
  const hangs = Promise.withResolvers<undefined>()
  const dog = watchdog(limit, () => hangs.resolve(undefined))
  try {
    return await Promise.race([work, hangs.promise])
  } finally {
    dog.stop()
  }
}
