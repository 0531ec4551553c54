import { unavailable } from '../../src/core/unavailable.ts'
import type { Application } from '../../src/runtime/index.ts'
import { requestInvocation, type Platform } from './invocation.ts'
import { workersRuntime } from './runtime.ts'

/** Answers a request, and never rejects: a 503 where there is no environment, which was reported then. */
export function answerFetch(app: Application, request: Request, platformOf: () => Platform): Promise<Response> {
  let platform: Platform
  try {
    platform = platformOf()
  } catch {
    return Promise.resolve(unavailable())
  }
  return app.handle(request, requestInvocation(request, platform), workersRuntime)
}
