import {
  err,
  isResult,
  ok,
  type Application,
  type Invocation,
  type Result,
  type Scope,
} from '../../../src/runtime/index.ts'
import { publicErrorData, type ErrorData } from '../error-data.ts'
import { workersRuntime } from '../runtime.ts'

/** Runs one call in a scope of its own. Never rejects: the caller gets a `Result` that survives RPC. */
export async function answerCall(
  app: Application,
  invocation: Invocation,
  work: (scope: Scope) => unknown,
): Promise<Result<unknown, unknown>> {
  try {
    const outcome = await app.run(work, invocation, workersRuntime)
    if (!isResult(outcome)) return ok(outcome)
    return outcome.ok || !(outcome.error instanceof Error) ? outcome : failure(app, outcome.error)
  } catch (error) {
    return failure(app, error)
  }
}

function failure(app: Application, error: unknown): Result<never, ErrorData> {
  const data = publicErrorData(error)
  if (data.status >= 500) app.options.onError?.(error, 'handler')
  return err(data)
}
