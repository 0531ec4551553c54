import { TimeoutError } from '../../../../core/errors.ts'
import { anySignal } from '../../../../core/time-limit.ts'
import type { DriverContext } from '../../../contract/context.ts'

/** Aborts when the caller leaves or the deadline passes; undefined where neither can happen. */
export function endOf({ signal, deadline }: DriverContext): AbortSignal | undefined {
  if (deadline === undefined) return signal
  const late = AbortSignal.timeout(Math.max(0, Math.ceil(deadline - Date.now())))
  return signal === undefined ? late : anySignal([signal, late])
}

/** The error for a caller that has left, or whose time is over. */
export function reasonOfEnd({ signal }: DriverContext): Error {
  if (signal?.aborted === true) return signal.reason as Error
  return new TimeoutError('MongoDB did not answer before the deadline')
}

/**
 * Waits for an answer until the end: the vendor cannot call back what it has sent. What it has not sent by then it does
 * not send, and rejects itself.
 *
 * @throws what `atEnd` returns
 */
export function untilEnd<T>(sent: Promise<T>, end: AbortSignal | undefined, atEnd: () => Error): Promise<T> {
  return end === undefined ? sent : raceToEnd(sent, end, atEnd)
}

async function raceToEnd<T>(sent: Promise<T>, end: AbortSignal, atEnd: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let leave = (): void => {}
  const left = new Promise<never>((_, reject) => {
    leave = () => {
      timer = setTimeout(() => reject(atEnd()), 0)
    }
  })
  if (end.aborted) leave()
  else end.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([sent, left])
  } finally {
    clearTimeout(timer)
    end.removeEventListener('abort', leave)
    sent.catch(() => undefined)
  }
}
