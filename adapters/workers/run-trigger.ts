import { assertMembers, must } from '../../src/core/assert-options.ts'
import { assertApplication, isResult, type Application, type Scope } from '../../src/runtime/index.ts'
import { assertEvent } from './platform-event.ts'
import { invocationOf, type Platform } from './invocation.ts'
import { workersRuntime } from './runtime.ts'

export interface Trigger<Event> {
  /** Its name, for traces. */
  readonly trigger: string
  readonly event: Event
  readonly handler: (event: Event, scope: Scope) => unknown
}

/** Runs a handler of an event in its own scope. A throw or an `Err` is reported, and fails the run. */
export async function runTrigger<Event>(
  app: Application,
  platform: Platform,
  { trigger, event, handler }: Trigger<Event>,
): Promise<void> {
  await app.start(platform.env, workersRuntime, { report: true })
  try {
    assertEvent(event, `the event of ${trigger}`)
    const invocation = { ...invocationOf(platform, event), trigger }
    const outcome = await app.run((scope) => handler(event, scope), invocation, workersRuntime)
    if (isResult(outcome) && !outcome.ok) throw outcome.error
  } catch (error) {
    app.options.onError?.({ error, phase: 'handler' })
    throw error
  }
}

/** What a class of the platform knows when it runs work. */
export interface WorkPlace extends Platform {
  /** What the `RequestContext` has for its event. @default an empty object */
  readonly event?: object
  /** What triggers the work, for traces. @default 'work' */
  readonly trigger?: string
}

/** What work makes, without the `Result` around it. */
export type ValueOf<T> = T extends { readonly ok: true; readonly value: infer V }
  ? V
  : T extends { readonly ok: false; readonly error: unknown }
    ? never
    : T

/**
 * Runs work in a new scope, for what the platform calls and no adapter handles: a step of a Workflow, a message of a
 * hibernating WebSocket, `tail`. Resolves with what the work returned, once the scope has ended. A throw or an `Err` is
 * reported, and rejects with the error, so that a step is tried again.
 *
 * @throws UsageError `LEX_ERR_USE_001` for a place without `env` and `ctx`
 * @example
 * import { inScope } from 'lexigram-edge/workers'
 *
 * await step.do('charge', () =>
 *   inScope(app, { env: this.env, ctx: this.ctx, event }, async (scope) => (await scope.resolve(Orders)).charge(event.payload)),
 * )
 */
export async function inScope<T>(
  app: Application,
  place: WorkPlace,
  work: (scope: Scope) => T | Promise<T>,
): Promise<ValueOf<T>> {
  assertApplication(app)
  assertMembers(place, { env: must.beObject, ctx: must.beObject }, 'the place of work')
  let outcome: unknown
  const handler = async (_event: unknown, scope: Scope): Promise<unknown> => {
    outcome = await work(scope)
    if (isResult(outcome) && !outcome.ok) throw asFailure(outcome.error)
    return outcome
  }
  await runTrigger(app, place, { trigger: place.trigger ?? 'work', event: place.event ?? {}, handler })
  // An `Err` has been thrown.
  return (isResult(outcome) && outcome.ok ? outcome.value : outcome) as ValueOf<T>
}

/** The platform keeps only the message of what a step throws, and none of data. */
function asFailure(error: unknown): Error {
  if (error instanceof Error) return error
  return new Error(typeof error === 'string' ? error : 'the work failed', { cause: error })
}
