import { unavailable } from '../../src/core/unavailable.ts'
import type { Application } from '../../src/runtime/index.ts'
import { requestInvocation, type Platform } from './invocation.ts'
import { workersRuntime } from './runtime.ts'

/** Answers a request and never rejects. Answers 503 if the environment cannot be read, which is already reported. */
export function answerFetch(app: Application, request: Request, platformOf: () => Platform): Promise<Response> {
  let platform: Platform
  try {
    platform = platformOf()
  } catch {
    return Promise.resolve(unavailable())
  }
  return app.handle(request, requestInvocation(request, platform), workersRuntime)
}
