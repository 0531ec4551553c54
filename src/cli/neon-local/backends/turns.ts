/** The longest wait for a connection; reported as SQLSTATE 55P03 (lock not available). */
class BusyError extends Error {
  readonly code = '55P03'
  readonly severity = 'ERROR'
  readonly hint = 'Finish the open WebSocket transaction first, or serve a PostgreSQL server with --postgres.'

  constructor(waitedMs: number) {
    super(`the embedded database has one connection, and another transaction held it for ${waitedMs} ms`)
  }
}

export type Release = () => void

export interface Turns {
  /**
   * @throws BusyError when it did not become free in time, or the reason of the signal when that aborts first
   */
  take(signal?: AbortSignal): Promise<Release>
  /** True while no turn is taken or waited for. */
  readonly free: boolean
}

/**
 * Lends a single connection to one user at a time. `exclusive` is the lock of the database, so that direct users of the
 * same database wait too.
 */
export function createTurns(exclusive: (hold: () => Promise<void>) => Promise<void>, waitMs: number): Turns {
  let users = 0
  return {
    get free() {
      return users === 0
    },
    take(signal) {
      return new Promise<Release>((resolve, reject) => {
        let waiting = true
        users++
        const stop = (): void => {
          waiting = false
          clearTimeout(timer)
          signal?.removeEventListener('abort', leave)
        }
        const giveUp = (error: unknown): void => {
          stop()
          users--
          reject(error)
        }
        const leave = (): void => giveUp(signal?.reason)
        const timer = setTimeout(() => giveUp(new BusyError(waitMs)), waitMs)
        if (signal?.aborted === true) return leave()
        signal?.addEventListener('abort', leave)
        exclusive(() => {
          if (!waiting) return Promise.resolve()
          stop()
          return new Promise<void>((release) =>
            resolve(() => {
              users--
              release()
            }),
          )
        }).catch((error: unknown) => waiting && giveUp(error))
      })
    },
  }
}
