import { isResult } from '../../../src/runtime/index.ts'
import type { LambdaInvocation } from '../invocation.ts'
import type { RecordHandler } from './handlers.ts'

/** One event, one scope. A failure is reported and fails the invocation, so that its source tries again. */
export async function handleOne<E>(
  { trigger, event }: { readonly trigger: string; readonly event: E },
  handler: RecordHandler<E>,
  lambda: LambdaInvocation,
): Promise<unknown> {
  try {
    const outcome = await lambda.run(event, (scope) => handler(event, scope), { trigger })
    if (!isResult(outcome)) return outcome
    if (outcome.ok) return outcome.value
    throw outcome.error instanceof Error ? outcome.error : new Error('the handler failed', { cause: outcome.error })
  } catch (error) {
    lambda.report(error, 'handler')
    throw error
  }
}
