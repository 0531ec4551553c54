import type { PGlite } from '@electric-sql/pglite'
import { TimeoutError } from '../../../core/errors.ts'

export type EndTurn = () => void

/**
 * Waits for the one connection of the database, which its direct users share: their transactions keep it too.
 *
 * @throws TimeoutError when the signal fires before; nothing runs then, also when the turn comes later
 */
export function takeTurn(db: PGlite, signal: AbortSignal): Promise<EndTurn> {
  return new Promise((resolve, reject) => {
    const leave = (): void =>
      reject(new TimeoutError('the call cannot continue: it was aborted while it waited for the connection'))
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave)
    db._runExclusiveTransaction(() => {
      signal.removeEventListener('abort', leave)
      return signal.aborted ? Promise.resolve() : new Promise<void>((end) => resolve(end))
    }).catch(reject)
  })
}
