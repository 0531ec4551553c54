import { once } from 'node:events'
import type { Application } from '../../../src/runtime/index.ts'
import { invocationOf, lambdaRuntime } from '../invocation.ts'
import type { AwsLambda, LambdaContext, ResponseStream } from '../platform.ts'
import type { HttpOptions } from './buffered.ts'
import type { HttpEvent } from './event.ts'
import { MalformedEvent } from './malformed.ts'
import { problem } from './problem.ts'
import { toRequest } from './request.ts'

/**
 * Answers an HTTP event as a stream: status and headers first, then the body as fast as the client takes it. A body that
 * fails half-way breaks the stream off, so that the client does not take what it has for the whole.
 */
export async function handleStreamed(
  app: Application,
  http: HttpEvent,
  target: { readonly stream: ResponseStream; readonly context: LambdaContext; readonly aws: AwsLambda },
  options: HttpOptions,
): Promise<void> {
  const lambda = invocationOf(http.event, target.context, options)
  const response = await answer(app, http, lambda.invocation, options)
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'set-cookie'))
  const metadata = { statusCode: response.status, headers, cookies: response.headers.getSetCookie() }
  const stream = target.aws.HttpResponseStream.from(target.stream, metadata)
  try {
    await writeBody(response, stream)
  } finally {
    await lambda.settle(app)
  }
}

async function answer(
  app: Application,
  http: HttpEvent,
  invocation: Parameters<Application['handle']>[1],
  options: HttpOptions,
): Promise<Response> {
  try {
    const signal = invocation.signal ?? new AbortController().signal
    return await app.handle(toRequest(http, { basePath: options.basePath, signal }), invocation, lambdaRuntime)
  } catch (error) {
    return error instanceof MalformedEvent ? problem(400, error.message) : problem(500)
  }
}

/** The prelude is only sent with the first write, so a body without bytes still writes once. */
async function writeBody(response: Response, stream: ResponseStream): Promise<void> {
  const reader = response.body?.getReader()
  let written = false
  try {
    for (let step = await reader?.read(); step?.done === false; step = await reader?.read()) {
      written = true
      if (!stream.write(step.value)) await once(stream, 'drain')
    }
  } catch (error) {
    await reader?.cancel(error).catch(() => {})
    // Node's writable streams can be destroyed; Lambda's type does not say so.
    ;(stream as unknown as { destroy(error: unknown): void }).destroy(error)
    throw error
  }
  if (!written) stream.write('')
  stream.end()
}
