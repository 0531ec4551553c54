/** The longest wait for a connection; reported as SQLSTATE 55P03 (lock not available). */
export class BusyError extends Error {
  readonly code = '55P03'
  readonly severity = 'ERROR'
  readonly hint = 'Finish the open WebSocket transaction first, or serve a PostgreSQL server with --postgres.'

  constructor(waitedMs: number) {
    super(`the embedded database has one connection, and another transaction held it for ${waitedMs} ms`)
  }
}

export type Release = () => void

/**
 * Hands a single connection to one user at a time. `exclusive` is the database's own lock, so that direct users of the
 * same database wait too.
 */
export function createTurns(exclusive: (hold: () => Promise<void>) => Promise<void>, waitMs: number) {
  return function take(): Promise<Release> {
    return new Promise<Release>((resolve, reject) => {
      let waiting = true
      const timer = setTimeout(() => {
        waiting = false
        reject(new BusyError(waitMs))
      }, waitMs)
      exclusive(() => {
        if (!waiting) return Promise.resolve()
        clearTimeout(timer)
        return new Promise<void>((release) => resolve(release))
      }).catch(reject)
    })
  }
}
