import { closeToDisposables, needsDisposal } from '../../container/scope.ts'
import { UsageError } from '../../core/errors.ts'
import type { ApplicationOptions } from '../application-options.ts'
import { flushTraces, noteResponse } from './trace-invocation.ts'
import { endInvocation, keepAlive, type InvocationContext, type Platform } from './execution-context.ts'
import type { WatchedResponse } from '../runtime-traits.ts'
import { watchByPulling, type ReportBodyFailure } from './watched-body.ts'

/**
 * Arranges for the scope to end once the body has been flushed, cancelled or has failed, and `waitUntil` work is done.
 *
 * A body is only wrapped when the scope holds something, because watching it costs. Responses without a body and
 * WebSocket upgrades pass untouched; their scope ends after the `waitUntil` work.
 *
 * @throws UsageError for what cannot be sent; the scope is still open then
 */
export async function endWithBody(
  response: Response,
  context: InvocationContext,
  platform: Platform & { readonly options: ApplicationOptions },
): Promise<Response> {
  const { options, invocation, runtime } = platform
  assertSendable(response)
  const { scope, span } = context
  if (span !== undefined) noteResponse(span, response, context.failure)
  if (!needsDisposal(scope)) {
    // The body is not watched: the span ends with the answer.
    span?.end()
    invocation.onUntouchedBody?.()
    if (!context.tasks.idle) keepAlive(endInvocation(options, context, platform), options, platform)
    else {
      closeToDisposables(scope)
      if (span !== undefined) flushTraces(options, platform)
    }
    return response
  }
  const body = response.body
  if (body === null || isUpgrade(response)) {
    span?.end()
    keepAlive(endInvocation(options, context, platform), options, platform)
    return response
  }
  const report = (error: unknown): void => {
    if (context.isAbandonment(error)) return
    span?.fail(error)
    options.onError?.({ error, phase: 'stream', subject: context.requestId })
  }
  const watched = await (runtime.watchResponse ?? watchAnywhere)(response, report)
  const end = (): Promise<void> => {
    span?.end()
    return endInvocation(options, context, platform)
  }
  keepAlive(watched.ended.then(end), options, platform)
  return watched.response
}

/** Watches a body in any runtime. */
export async function watchAnywhere(response: Response, report: ReportBodyFailure): Promise<WatchedResponse> {
  const { readable, ended } = watchByPulling(response.body!, report) // only a response with a body is watched
  return { response: new Response(readable, response), ended }
}

/** A runtime would fail on it later, without a caller to report to; a handler without types may return anything. */
function assertSendable(response: Response | undefined): void {
  if (typeof response?.status !== 'number') throw unsendable('another value')
  const { status } = response
  if (status === 0) throw unsendable('Response.error()')
  if (status !== 101 && !(Number.isInteger(status) && status >= 200 && status <= 599)) {
    throw unsendable(`one with the status ${status}`)
  }
  if (response.bodyUsed) throw unsendable('one whose body was read already')
  if (response.body?.locked === true) throw unsendable('one whose body is being read')
}

function unsendable(what: string): UsageError {
  return new UsageError(`the handler must return a response that can be sent, not ${what}`, {
    hint: 'Return a new Response for each request.',
  })
}

function isUpgrade(response: Response): boolean {
  const { webSocket } = response as { webSocket?: unknown } // only Workers have it
  return response.status === 101 || (webSocket !== null && webSocket !== undefined)
}
