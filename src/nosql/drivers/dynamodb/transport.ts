import type { DriverContext } from '../../contract/context.ts'
import { DynamoFailure } from './errors.ts'

/** Sends one operation of DynamoDB's API: `GetItem`, `TransactWriteItems` … */
export interface DynamoTransport {
  /** @throws DynamoFailure */
  send(
    operation: string,
    input: object,
    options: { readonly signal: AbortSignal },
  ): Promise<Readonly<Record<string, unknown>>>
}

/** How often a request is sent at most, and the longest wait between two times, in milliseconds. */
const mostAttempts = 8
const longestWait = 2000
/** In milliseconds, for a call without a deadline. */
const longestCall = 60_000

export interface CallOptions {
  readonly context: DriverContext
  /** Whether repeating it does no harm. */
  readonly isIdempotent: boolean
}

/** A transport that repeats what was surely not carried out, and what does no harm, with full jitter within the deadline. */
export interface Client {
  call(operation: string, input: object, options: CallOptions): Promise<Readonly<Record<string, unknown>>>
  /** Waits before attempt number `attempt`; false where there is no time left. */
  pause(attempt: number, context: DriverContext): Promise<boolean>
}

export function createClient(transport: DynamoTransport): Client {
  const pause = async (attempt: number, { signal, deadline }: DriverContext): Promise<boolean> => {
    const wait = Math.random() * Math.min(longestWait, 25 * 2 ** attempt)
    if (attempt >= mostAttempts || signal?.aborted === true) return false
    if (deadline !== undefined && Date.now() + wait >= deadline) return false
    await new Promise((resolve) => setTimeout(resolve, wait))
    return true
  }
  return {
    pause,
    async call(operation, input, { context, isIdempotent }) {
      const limit = context.deadline === undefined ? longestCall : Math.max(1, context.deadline - Date.now())
      const timeout = AbortSignal.timeout(Math.min(limit, 2 ** 31 - 1))
      const signal = context.signal === undefined ? timeout : AbortSignal.any([context.signal, timeout])
      for (let attempt = 1; ; attempt++) {
        try {
          return await transport.send(operation, input, { signal })
        } catch (error) {
          if (!(error instanceof DynamoFailure)) throw error
          error.attempts += attempt - 1
          const mayRepeat = error.isRetriable && (isIdempotent || error.notCarriedOut)
          if (!mayRepeat || !(await pause(attempt, context))) throw error
        }
      }
    },
  }
}
