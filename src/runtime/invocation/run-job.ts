import type { Scope } from '../../container/resolver.ts'
import type { ApplicationOptions } from '../application.ts'
import type { ApplicationCache } from '../process/boot-cache.ts'
import { openInvocation } from './execution-context.ts'
import type { Invocation } from './request-context.ts'
import type { Runtime } from '../runtime-traits.ts'
import { endInvocation } from './end-invocation.ts'
import { traceJob, workInSpan } from './trace-invocation.ts'

/**
 * Runs one message or job in a new scope. Settles when the scope has ended, with what `work` returned or threw.
 */
export async function runJob<T>(
  options: ApplicationOptions,
  memo: ApplicationCache,
  platform: { readonly invocation: Invocation; readonly runtime: Runtime },
  work: (scope: Scope) => T | Promise<T>,
): Promise<T> {
  const { invocation, runtime } = platform
  const running = memo.peek(invocation.env) ?? (await memo.get(invocation.env, runtime))
  const context = openInvocation(options, running, invocation)
  const span = options.tracer === undefined ? undefined : traceJob(options.tracer, invocation, context)
  try {
    return await (span === undefined ? work(context.scope) : workInSpan(span, context.scope, work))
  } finally {
    await endInvocation(options, context)
  }
}
