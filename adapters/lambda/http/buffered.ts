import { UsageError, type Application } from '../../../src/runtime/index.ts'
import { invocationOf, type LambdaInvocation } from '../invocation.ts'
import type { LambdaContext } from '../platform.ts'
import { answer, type HttpOptions } from './answer.ts'
import type { HttpEvent } from './event.ts'
import { problem } from './problem.ts'
import { readBody } from './read-body.ts'
import { fits, maxPayloadOf, toResult, type HttpResult } from './result.ts'

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
  const result = await resultInTime(app, http, lambda, options)
  await lambda.settle(app)
  return result
}

async function resultInTime(
  app: Application,
  http: HttpEvent,
  lambda: LambdaInvocation,
  options: HttpOptions,
): Promise<HttpResult> {
  try {
    return await lambda.inTime(result(app, http, lambda, options))
  } catch (error) {
    // The result itself never rejects: this is the deadline.
    app.options.onError?.(error, 'handler')
    return problemResult(http, 504)
  }
}

/** Reads no more of a body than its source takes, so that one without an end does not fill the memory. Never rejects. */
async function result(
  app: Application,
  http: HttpEvent,
  lambda: LambdaInvocation,
  options: HttpOptions,
): Promise<HttpResult> {
  const response = await answer(app, http, lambda, options)
  const limit = maxPayloadOf(http)
  try {
    const bytes = await readBody(response, limit)
    const whole = bytes === undefined ? undefined : toResult(response, bytes, http)
    if (whole !== undefined && fits(whole, limit)) return whole
  } catch (error) {
    lambda.reportBody(app, error)
    return problemResult(http, 500)
  }
  const what = `larger than the ${limit} bytes that can be sent in one piece`
  app.options.onError?.(new UsageError(`the response is ${what}`, { hint: hintFor(http) }), 'handler')
  return problemResult(http, 500, `the response is ${what}`)
}

function hintFor({ kind }: HttpEvent): string {
  const stream = kind === 'rest' || kind === 'http' ? ', or stream: lambda(app, { streaming: true })' : ''
  return `Answer in pages, or with a link to what is large${stream}.`
}

async function problemResult(http: HttpEvent, status: 500 | 504, detail?: string): Promise<HttpResult> {
  const response = problem(status, detail)
  return toResult(response, new Uint8Array(await response.arrayBuffer()), http)
}
