import { TimeoutError, UsageError, type LexigramError } from '../../../core/errors.ts'

/** Calls and transactions of a session that are in flight: its end stops them. */
export type Underway = Set<(error: LexigramError) => void>

export interface GivingUp {
  /** The signal of the caller, asked for when it is needed: making it may cost a timer. */
  readonly signal: () => AbortSignal | undefined
  readonly underway: Underway
}

/**
 * Calls `giveUp` once, with the error that says why, when the caller's signal fires or the session ends.
 *
 * @returns a function that stops listening
 */
export function onGivenUp({ signal, underway }: GivingUp, giveUp: (error: LexigramError) => void): () => void {
  const caller = signal()
  const stop = (): void => {
    underway.delete(leave)
    caller?.removeEventListener('abort', abort)
  }
  const leave = (error: LexigramError): void => {
    stop()
    giveUp(error)
  }
  const abort = (): void => leave(abortedError(caller?.reason))
  underway.add(leave)
  caller?.addEventListener('abort', abort)
  return stop
}

/**
 * Settles like `work`, or rejects when the caller gives up or the session ends: work that waits for something other
 * than the database would otherwise keep its transaction open, and with it what the transaction has locked.
 */
export function untilGivenUp<T>(work: () => Promise<T>, context: GivingUp): Promise<T> {
  return new Promise((resolve, reject) => {
    assertNotAborted(context.signal())
    const stop = onGivenUp(context, reject)
    startWork(work).then(resolve, reject).finally(stop)
  })
}

/** What throws before its first promise rejects like the rest. */
async function startWork<T>(work: () => Promise<T>): Promise<T> {
  return work()
}

/** @throws TimeoutError when the caller has given up already: nothing is sent then */
export function assertNotAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortedError(signal.reason)
}

function abortedError(cause: unknown): TimeoutError {
  return new TimeoutError('the statement cannot complete: its signal aborted', { cause })
}

/** For calls of a session after its end, and for those in flight at its end. */
export function endedError(): UsageError {
  return new UsageError('the database session cannot be used after its end', {
    hint: 'Await every statement and transaction before the scope ends, or open a session with database.session().',
  })
}
