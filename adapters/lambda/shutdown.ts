import { setTimeout as delay } from 'node:timers/promises'
import type { Application } from '../../src/runtime/index.ts'

/**
 * Lambda sends SIGTERM only to functions with an extension, and kills them 300 ms later (500 ms with an internal one).
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-shutdown
 */
const budget = 250

/** Of it, how long invocations that are under way may use what is shut down afterwards. */
const grace = 100

/**
 * Shuts the application down when Lambda is about to end the process, as far as its time allows. Where others wait for
 * the signal too, each has all of the time; otherwise the process ends as soon as the application has.
 */
export function stopOnShutdown(app: Application, env: object, running: ReadonlySet<Promise<unknown>>): void {
  const stop = async (): Promise<void> => {
    if (running.size > 0) await Promise.race([Promise.allSettled(running), delay(grace)])
    await app.stop(env)
  }
  process.on('SIGTERM', () => {
    const others = process.listenerCount('SIGTERM') > 1
    const stopped = stop()
    void Promise.race([...(others ? [] : [stopped]), delay(budget)]).finally(() => process.exit(0))
  })
}
