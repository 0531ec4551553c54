import {
  err,
  errorOf,
  isResult,
  ok,
  type Application,
  type Invocation,
  type Result,
  type Scope,
} from '../../../src/runtime/index.ts'
import { notSerializable, findUnserializable } from '../rpc-serializable.ts'
import { publicErrorData, type ErrorData } from '../error-data.ts'
import { invocationOf, type Platform } from '../invocation.ts'
import { workersRuntime } from '../runtime.ts'
import type { RpcCall } from './rpc-methods.ts'
import { watchAnswer } from './watch-answer.ts'

/** A call, and where it is answered. */
export interface PlacedCall {
  readonly call: RpcCall
  /** Throws if the environment cannot be read, which is already reported. */
  readonly platformOf: () => Platform
}

type Outcome = Result<unknown, unknown>

/**
 * Runs one call in its own scope. Never rejects: the caller gets a `Result` that survives RPC, once the scope has
 * ended; or before, when it is a stream or has a body, and the scope ends after that.
 */
export async function answerCall(
  app: Application,
  { call: event, platformOf }: PlacedCall,
  work: (scope: Scope) => unknown,
): Promise<Outcome> {
  let invocation: Invocation
  try {
    invocation = { ...invocationOf(platformOf(), event), trigger: 'rpc' }
    await app.start(invocation.env, workersRuntime, { report: true })
  } catch {
    return err<ErrorData>({ status: 503, message: 'Service Unavailable' })
  }
  const { method } = event
  return new Promise((resolve) => {
    const call = async (scope: Scope): Promise<Outcome> => {
      const outcome = crossing(await work(scope), method)
      const watched = await watchAnswer(outcome, (error) =>
        app.options.onError?.({ error, phase: 'stream', subject: method }),
      )
      if (watched === undefined) return outcome
      resolve(watched.outcome)
      await watched.ended
      return watched.outcome
    }
    const ran = app.run(call, invocation, workersRuntime).then(
      (outcome) => (outcome.ok || !(outcome.error instanceof Error) ? outcome : failed(app, outcome, method)),
      (error: unknown) => failed(app, error, method),
    )
    // A call is over with its answer; a body comes after it.
    keepAlive(ran.then(resolve), invocation, app)
  })
}

/** A platform that refuses the work may end it early, which is reported. */
function keepAlive(work: Promise<void>, invocation: Invocation, app: Application): void {
  try {
    invocation.waitUntil(work)
  } catch (error) {
    app.options.onError?.({ error, phase: 'waitUntil' })
  }
}

/** @throws UsageError for what the platform would refuse */
function crossing(given: unknown, method: string): Outcome {
  const outcome = isResult(given) ? given : ok(given)
  if (!outcome.ok && outcome.error instanceof Error) return outcome
  const obstacle = findUnserializable(outcome, { stubs: true })
  if (obstacle === undefined) return outcome
  throw notSerializable(`the answer of ${method}`, obstacle)
}

/** What the caller gets of a failure: of an error that was thrown, or an `Err` with an error in it. */
function failed(app: Application, failure: unknown, method: string): Result<never, ErrorData> {
  const data = publicErrorData(failure, app.options.statuses)
  if (data.status >= 500) app.options.onError?.({ error: errorOf(failure), phase: 'handler', subject: method })
  return err(data)
}
