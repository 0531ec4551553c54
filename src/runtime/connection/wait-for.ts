import { within } from '../../core/time-limit.ts'

/** What the caller waits for, named in its timeout error; and for how long, in milliseconds. */
export interface WaitOptions {
  readonly what: string
  readonly timeout: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Settles like `work`, or rejects when its time is over or the signal aborts. The work itself is not stopped; nothing of
 * the waiting remains, on a signal that lives long.
 *
 * @throws TimeoutError `LEX_ERR_INFRA_002`; the signal's reason
 */
export async function waitFor<T>(work: PromiseLike<T>, { what, timeout, signal }: WaitOptions): Promise<T> {
  if (signal === undefined) return within(work, timeout, what)
  let leave = (): void => {}
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error)
  })
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  try {
    // First, so that a caller that left learns so, whatever the work has come to.
    return await within(Promise.race([left, work]), timeout, what)
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
