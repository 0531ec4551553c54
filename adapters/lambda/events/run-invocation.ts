import { TimeoutError, type Application, type Scope } from '../../../src/runtime/index.ts'
import { lambdaRuntime, type LambdaInvocation } from '../invocation.ts'

/**
 * Runs one event or record in a scope of its own, until its scope has ended or the deadline has come. Rejects with what
 * `work` threw, or with a `TimeoutError` when it was not done by then; the scope of such work ends with the work, if
 * Lambda ever wakes the process again.
 */
export async function runInvocation(
  app: Application,
  lambda: LambdaInvocation,
  event: unknown,
  work: (scope: Scope) => unknown,
): Promise<unknown> {
  const state: { outcome?: { readonly value: unknown } } = {}
  const run = app.run(
    async (scope) => {
      state.outcome = { value: await work(scope) }
    },
    lambda.invocationFor(event),
    lambdaRuntime,
  )
  try {
    await lambda.inTime(run)
  } catch (error) {
    if (state.outcome === undefined || !(error instanceof TimeoutError)) throw error
    // The work itself is done; what it gave to `waitUntil`, or a disposer, is not.
    app.options.onError?.(error, 'waitUntil')
  }
  return state.outcome?.value
}
