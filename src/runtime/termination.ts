import type { Application } from './application.ts'

/** The part of Node's `process` that it takes. */
export interface TerminableProcess {
  on(signal: 'SIGTERM', listener: () => void): unknown
  listenerCount(signal: 'SIGTERM'): number
  exit(code: number): unknown
}

/** Both in milliseconds. */
export interface TerminationTimes {
  /** How long the platform lets a process live after SIGTERM, less a margin. */
  readonly budget: number
  /** Of it, how long what is under way may use what is shut down afterwards. */
  readonly grace: number
}

/** Remembers a promise for as long as it is pending, and gives it back. */
export type Track = <T>(work: Promise<T>) => Promise<T>

/**
 * Shuts the application down when the platform is about to end the process, as far as its time allows. Where others wait
 * for the signal too, each has all of the time; otherwise the process ends as soon as the application has.
 *
 * @returns what takes note of work that is under way
 */
export function stopOnTermination(
  app: Application,
  { env, process }: { readonly env: object; readonly process: TerminableProcess },
  { budget, grace }: TerminationTimes,
): Track {
  const running = new Set<Promise<unknown>>()
  const stop = async (): Promise<void> => {
    if (running.size > 0) await Promise.race([Promise.allSettled(running), delay(grace)])
    await app.stop(env)
  }
  process.on('SIGTERM', () => {
    const others = process.listenerCount('SIGTERM') > 1
    const stopped = stop()
    void Promise.race([...(others ? [] : [stopped]), delay(budget)]).finally(() => process.exit(0))
  })
  return (work) => {
    running.add(work)
    const forget = (): void => void running.delete(work)
    work.then(forget, forget)
    return work
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
