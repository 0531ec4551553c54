import { TimeoutError } from '../../../../core/errors.ts'
import type { DriverContext } from '../../../contract/context.ts'

/** Waits, until the signal aborts at most. @throws TimeoutError at the deadline */
export async function pause(milliseconds: number, { signal, deadline }: DriverContext): Promise<void> {
  const left = deadline === undefined ? Infinity : deadline - Date.now()
  if (signal?.aborted !== true && left > 0) {
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, Math.min(milliseconds, left))
      signal?.addEventListener('abort', end, { once: true })
    })
  }
  if (left <= milliseconds && signal?.aborted !== true)
    throw new TimeoutError('a stream of changes cannot go on: its time is over')
}
