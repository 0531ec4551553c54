import type { Application } from '../../../src/runtime/index.ts'
import { invocationOf, lambdaRuntime, type InvocationOptions, type LambdaInvocation } from '../invocation.ts'
import type { LambdaContext } from '../platform.ts'
import type { HttpEvent } from './event.ts'
import { problem } from './problem.ts'
import { MalformedEvent } from './malformed.ts'
import { toRequest } from './request.ts'
import { maxPayload, payloadSize, toResult, type HttpResult } from './result.ts'

export interface HttpOptions extends InvocationOptions {
  readonly basePath: string
}

/**
 * Answers an HTTP event in one piece, after the scope has ended and background work is done; with a 504 when there was
 * no answer by the deadline. Never rejects.
 */
export async function handleBuffered(
  app: Application,
  http: HttpEvent,
  context: LambdaContext,
  options: HttpOptions,
): Promise<HttpResult> {
  const lambda = invocationOf(context, options)
  const result = await answerInTime(app, http, lambda, options)
  await lambda.settle(app)
  return result
}

async function answerInTime(
  app: Application,
  http: HttpEvent,
  lambda: LambdaInvocation,
  options: HttpOptions,
): Promise<HttpResult> {
  try {
    return await lambda.inTime(answer(app, http, lambda, options))
  } catch (error) {
    // Answering itself never rejects: this is the deadline.
    app.options.onError?.(error, 'handler')
    return toResult(problem(504), http)
  }
}

async function answer(
  app: Application,
  http: HttpEvent,
  lambda: LambdaInvocation,
  options: HttpOptions,
): Promise<HttpResult> {
  try {
    const request = toRequest(http, { basePath: options.basePath, signal: lambda.signal })
    const response = await app.handle(request, lambda.invocationFor(http.event), lambdaRuntime)
    const result = await toResult(response, http)
    if (payloadSize(result) <= maxPayload) return result
    app.options.onError?.(
      new Error('the answer is larger than the 6 MB that Lambda takes; stream it instead'),
      'handler',
    )
  } catch (error) {
    if (error instanceof MalformedEvent) return toResult(problem(400, error.message), http)
    // A body that failed half-way was reported by the lifecycle; nothing of it was sent.
  }
  return toResult(problem(500), http)
}
