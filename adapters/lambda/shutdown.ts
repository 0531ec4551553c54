import { setTimeout as delay } from 'node:timers/promises'
import type { Application } from '../../src/runtime/index.ts'

/**
 * Lambda sends SIGTERM only to functions with an extension, and kills them 300 ms later (500 ms with an internal one).
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
 */
const budget = 250

/** Shuts the application down when Lambda is about to end the process, as far as its time allows. */
export function stopOnShutdown(app: Application, env: object): void {
  process.once('SIGTERM', () => {
    void Promise.race([app.stop(env), delay(budget)]).finally(() => process.exit(0))
  })
}
