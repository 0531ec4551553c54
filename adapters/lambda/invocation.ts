import { setTimeout as delay } from 'node:timers/promises'
import { sharedRuntime, type Application, type Invocation, type Runtime } from '../../src/runtime/index.ts'
import type { LambdaContext } from './platform.ts'

export const lambdaRuntime: Runtime = { ...sharedRuntime, name: 'lambda' }

export interface InvocationOptions {
  readonly env: object
  /** How long before the function's timeout the signal aborts and background work is given up, in milliseconds. */
  readonly deadlineMargin: number
}

/** One invocation's share of the lifecycle: its deadline, and the work that has to end before the answer is given. */
export interface LambdaInvocation {
  readonly invocation: Invocation
  /** Aborts with the deadline, or when `abort` is called. */
  readonly abort: AbortController
  /**
   * Waits for background work, at most until the deadline: after the answer Lambda freezes the process. What is left
   * then is reported.
   */
  settle(app: Application): Promise<void>
}

export function invocationOf(event: unknown, context: LambdaContext, options: InvocationOptions): LambdaInvocation {
  const deadline = Date.now() + context.getRemainingTimeInMillis() - options.deadlineMargin
  const background = new Set<Promise<unknown>>()
  const abort = new AbortController()
  return {
    abort,
    invocation: {
      env: options.env,
      event,
      deadline,
      signal: abort.signal,
      platform: context,
      requestId: context.awsRequestId,
      waitUntil(work) {
        background.add(work)
        void work.finally(() => background.delete(work))
      },
    },
    async settle(app) {
      const stop = new AbortController()
      const expiry = delay(Math.max(0, deadline - Date.now()), 'expired' as const, { signal: stop.signal })
      const outcome = await Promise.race([expiry.catch(() => 'settled' as const), drain(background)])
      stop.abort()
      if (outcome === 'settled') return
      const error = new Error(
        `${background.size} piece(s) of background work did not end before the function's timeout`,
      )
      app.options.onError?.(error, 'waitUntil')
    },
  }
}

async function drain(background: ReadonlySet<Promise<unknown>>): Promise<'settled'> {
  while (background.size > 0) await Promise.all(background)
  return 'settled'
}
