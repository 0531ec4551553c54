import type { Application } from '../../src/runtime/index.ts'
import { workersRuntime } from './runtime.ts'

/** Boots what the handlers of an event use. A failure is reported, once for the event, and thrown. */
export async function boot(app: Application, env: object): Promise<void> {
  try {
    await app.start(env, workersRuntime)
  } catch (error) {
    app.options.onError?.(error, 'boot')
    throw error
  }
}
