import type { Application } from '../../../src/runtime/index.ts'
import { lambdaRuntime, type InvocationOptions, type LambdaInvocation } from '../invocation.ts'
import type { HttpEvent } from './event.ts'
import { MalformedEvent } from './malformed.ts'
import { problem } from './problem.ts'
import { toRequest } from './request.ts'

export interface HttpOptions extends InvocationOptions {
  readonly basePath: string
}

/** The application's answer to an HTTP event, or a 400 for an event that is none. Never rejects. */
export async function answer(
  app: Application,
  http: HttpEvent,
  lambda: LambdaInvocation,
  options: HttpOptions,
): Promise<Response> {
  try {
    const request = toRequest(http, { basePath: options.basePath, signal: lambda.signal })
    const response = await app.handle(request, lambda.invocationFor(http.event), lambdaRuntime)
    return request.method === 'HEAD' ? await withoutBody(response) : response
  } catch (error) {
    if (error instanceof MalformedEvent) return problem(400, error.message)
    app.options.onError?.(error, 'handler')
    return problem(500)
  }
}

/** Gateways pass on what they get, and no client expects a body then. */
async function withoutBody(response: Response): Promise<Response> {
  if (response.body === null) return response
  // Nobody misses the body: a source that fails to stop is its own business.
  await response.body.cancel().catch(() => {})
  return new Response(null, response)
}
