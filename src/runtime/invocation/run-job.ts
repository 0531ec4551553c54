import type { Scope } from '../../container/resolver.ts'
import { endInvocation, openInvocation, type Platform } from './execution-context.ts'
import type { ServedApplication } from '../process/boot-cache.ts'
import { traceJob, workInSpan } from './trace-invocation.ts'

/**
 * Runs one message or job in a new scope. Settles when the scope has ended, with what `work` returned or threw.
 */
export async function runJob<T>(
  work: (scope: Scope) => T | Promise<T>,
  { options, cache }: ServedApplication,
  { invocation, runtime }: Platform,
): Promise<T> {
  const running = cache.peek(invocation.env) ?? (await cache.get(invocation.env, runtime))
  const context = openInvocation(options, running.container, invocation)
  const span = options.tracer === undefined ? undefined : traceJob(options.tracer, invocation, context)
  try {
    return await (span === undefined ? work(context.scope) : workInSpan(span, context.scope, work))
  } finally {
    await endInvocation(options, context)
  }
}
