import {
  longestTimer,
  sharedRuntime,
  TimeoutError,
  type Application,
  type Invocation,
  type Runtime,
} from '../../src/runtime/index.ts'
import type { LambdaContext } from './platform.ts'

export const lambdaRuntime: Runtime = { ...sharedRuntime, name: 'lambda', manyInstances: true }

export interface InvocationOptions {
  readonly env: object
  /** How long before the function's timeout the signal aborts, in milliseconds; half of it later work is given up. */
  readonly deadlineMargin: number
}

/** One invocation's share of the lifecycle: its deadline, and the work that has to end before the answer is given. */
export interface LambdaInvocation {
  /** Aborts at the deadline. */
  readonly signal: AbortSignal
  /** Aborts when work that has made use of the signal has to be given up, too. */
  readonly expired: AbortSignal
  /** What the lifecycle is given for the event, or for one record of it. */
  invocationFor(event: unknown): Invocation
  /** Reports that a response's body has failed, unless the lifecycle has seen that. */
  reportBody(app: Application, error: unknown): void
  /** Whether the deadline has passed. */
  isOver(): boolean
  /**
   * Settles like `work`, or rejects with a `TimeoutError` when the deadline has passed and `work` has not made use of the
   * signal since. The work itself is not stopped.
   */
  inTime<T>(work: Promise<T>): Promise<T>
  /**
   * Waits for background work as long as there is time: after the answer Lambda freezes the process. What is left then
   * is reported. Nothing may follow.
   */
  settle(app: Application): Promise<void>
}

export function invocationOf(context: LambdaContext | undefined, options: InvocationOptions): LambdaInvocation {
  const time = remainingTime(context)
  // A short timeout leaves at least half of itself for work.
  const margin = Math.min(options.deadlineMargin, time / 2)
  const remaining = time - margin
  const deadline = Date.now() + remaining
  const background = new Set<Promise<unknown>>()
  const abort = new AbortController()
  const expiry = new AbortController()
  const { promise: expired, reject } = Promise.withResolvers<never>()
  // Nobody may be waiting when it comes.
  expired.catch(() => {})
  let isBodyUntouched = false
  const after = (ms: number, act: () => void) => setTimeout(act, Math.min(Math.max(0, ms), longestTimer))
  let timer: NodeJS.Timeout | undefined
  if (time !== Infinity) {
    timer = after(remaining, () => {
      abort.abort(timeout())
      timer = after(margin / 2, () => {
        expiry.abort(timeout())
        reject(expiry.signal.reason)
      })
    })
  }
  const inTime = <T>(work: Promise<T>): Promise<T> => Promise.race([work, expired])
  return {
    signal: abort.signal,
    expired: expiry.signal,
    reportBody(app, error) {
      if (isBodyUntouched) app.options.onError?.(error, 'stream')
    },
    isOver: () => Date.now() >= deadline,
    inTime,
    invocationFor: (event) => ({
      env: options.env,
      event,
      ...(time !== Infinity && { deadline }),
      signal: abort.signal,
      platform: context,
      onUntouchedBody: () => void (isBodyUntouched = true),
      ...(typeof context?.awsRequestId === 'string' && { requestId: context.awsRequestId }),
      waitUntil(work) {
        background.add(work)
        void work.finally(() => background.delete(work))
      },
    }),
    async settle(app) {
      try {
        while (background.size > 0) await inTime(Promise.all(background))
      } catch {
        // Work that rejects has been reported by the lifecycle; what comes here is the deadline.
        const left = `${background.size} piece(s) of background work did not end before the function's timeout`
        app.options.onError?.(new TimeoutError(left), 'waitUntil')
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** Lambda always says it; a context made by hand, as in tests, may leave it out, and then there is no deadline. */
function remainingTime(context: Partial<LambdaContext> | undefined): number {
  const time = context?.getRemainingTimeInMillis?.()
  return typeof time === 'number' && !Number.isNaN(time) ? Math.max(0, time) : Infinity
}

function timeout(): TimeoutError {
  return new TimeoutError('the work did not end before the function’s timeout')
}
