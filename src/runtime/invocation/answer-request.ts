import { NotFoundError, UsageError } from '../../core/errors.ts'
import { kindOf } from '../../core/plain-object.ts'
import { isThenable } from '../../core/time-limit.ts'
import { unavailable } from '../../core/unavailable.ts'
import {
  endInvocation,
  keepAlive,
  keepUntil,
  openInvocation,
  type InvocationContext,
  type Platform,
} from './execution-context.ts'
import { healthKindOf, healthResponse } from '../health.ts'
import type { ApplicationOptions } from '../application-options.ts'
import type { ServedApplication } from '../process/boot-cache.ts'
import type { RunningApplication } from '../process/running-application.ts'
import { endWithBody } from './end-with-body.ts'
import { fetchInSpan, noteResponse, traceRequest } from './trace-invocation.ts'

const NO_HTTP = 'the request cannot be answered: this application does not serve HTTP'

/**
 * One HTTP request, from boot to the end of its scope. Failures become problem responses; it rejects only with one that
 * the handler lets pass through to the platform.
 */
export function handleRequest(request: Request, served: ServedApplication, platform: Platform): Promise<Response> {
  if (typeof request !== 'object' || request === null) return Promise.resolve(refuse(request, served.options))
  const answered = answerRequest(request, served, platform)
  return request.method === 'HEAD' ? answered.then(withoutBody) : answered
}

/** No client reads the body of an answer to HEAD, and some platforms would wait for its end. */
function withoutBody(response: Response): Response {
  // The body is discarded, and so are errors of cancelling it, which may take any time.
  response.body?.cancel().catch(() => {})
  return new Response(null, response)
}

async function answerRequest(
  request: Request,
  { options, cache, underway }: ServedApplication,
  platform: Platform,
): Promise<Response> {
  const { invocation, runtime } = platform
  const { env } = invocation
  let running: RunningApplication
  try {
    running = cache.peek(env) ?? (await cache.get(env, runtime, (error) => options.onError?.({ error, phase: 'boot' })))
  } catch {
    return unavailable()
  }
  let context: InvocationContext
  try {
    const health = options.health === false ? undefined : healthKindOf(request.url, options.health ?? '/health')
    if (health !== undefined) return healthResponse(await running.health(health))
    // Fails for an application that has been shut down meanwhile.
    context = openInvocation(options, running.container, { ...invocation, request })
  } catch (error) {
    options.onError?.({ error, phase: 'boot' })
    return unavailable()
  }
  // On Workers the platform keeps requests, and forgets those that were cancelled.
  if (runtime.sharesPending) context.underway = underway
  const span = options.tracer === undefined ? undefined : traceRequest(options.tracer, request, context)
  try {
    const { fetch } = options
    // A handler declares the env it knows of; the platform is who keeps that promise.
    const answer =
      fetch === undefined
        ? context.problem(new NotFoundError(NO_HTTP))
        : span === undefined
          ? fetch(request, env as never, context)
          : fetchInSpan(span, fetch, { request, env, context })
    const isKept = context.underway !== undefined && isThenable(answer)
    const response = await (isKept ? keepUntil(answer, context, underway) : answer)
    return await endWithBody(response, context, { options, invocation, runtime })
  } catch (error) {
    keepAlive(endInvocation(options, context, platform), options, platform)
    const problem = problemOf(error, context, options)
    if (span !== undefined) {
      noteResponse(span, problem, context.failure)
      span.end()
    }
    if (context.passesThrough && problem.status >= 500) throw error
    return problem
  }
}

/** For a program that calls an adapter's handler by hand: no platform sends anything but a request. */
function refuse(given: unknown, { onError }: ApplicationOptions): Response {
  onError?.({ error: new UsageError(`the request must be a Request, not ${kindOf(given)}`), phase: 'handler' })
  return new Response(null, { status: 500 })
}

/** An error may be anything that was thrown, such as a proxy that lets nothing be read. */
function problemOf(error: unknown, context: InvocationContext, options: ApplicationOptions): Response {
  try {
    return context.problem(error)
  } catch (unreadable) {
    options.onError?.({ error: unreadable, phase: 'handler', subject: context.requestId })
    return new Response(null, { status: 500 })
  }
}
