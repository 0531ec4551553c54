import { isResult, type Application, type Scope } from '../../src/runtime/index.ts'
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
