import type { Scope } from '../container/resolver.ts'
import type { LiveRequestContext } from './request-context.ts'
import type { ApplicationOptions } from './application.ts'

/** Ends a scope after its `waitUntil` work. Never rejects: failures go to the hook. */
export async function endScope(
  options: ApplicationOptions,
  scope: Scope,
  context: LiveRequestContext,
): Promise<void> {
  await context.tasks.settle()
  try {
    await scope.dispose()
  } catch (error) {
    options.onError?.(error, 'dispose')
  }
}
