import { Worker } from 'node:worker_threads'
import { watchdog, type Watchdog } from '../../support/hang.ts'
import type { LaneName } from '../lanes.ts'
import type { Outcome } from './run-case.ts'

export interface ToWorker {
  readonly folder: string
  readonly backend: LaneName
  readonly indexes: readonly number[]
}

export type FromWorker = { readonly ready: true } | { readonly index: number; readonly outcome: Outcome }

export interface WatchOptions {
  /** Milliseconds after which a case that has not answered counts as hung. */
  readonly limit: number
}

/** Runs cases in a thread; one that hangs or exhausts its memory ends with its thread, and the rest goes on in another. */
export async function runWatched(task: ToWorker, options: WatchOptions): Promise<Map<number, Outcome>> {
  const outcomes = new Map<number, Outcome>()
  let pending = task.indexes
  while (pending.length > 0) {
    await runUntilStuck({ ...task, indexes: pending }, outcomes, options)
    pending = pending.filter((index) => !outcomes.has(index))
  }
  return outcomes
}

function runUntilStuck(task: ToWorker, outcomes: Map<number, Outcome>, options: WatchOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    })
    let ready = false
    const current = (): number | undefined => task.indexes.find((index) => !outcomes.has(index))
    // A thread that is still starting is not one that hangs.
    let dog: Watchdog | undefined
    const hang = (): void => {
      const index = current()
      if (index !== undefined) outcomes.set(index, { verdict: 'hung', detail: `no answer in ${options.limit} ms` })
      void worker.terminate()
    }
    worker.on('message', (message: FromWorker) => {
      ready = true
      if ('index' in message) outcomes.set(message.index, message.outcome)
      dog ??= watchdog(options.limit, hang)
      dog.feed()
      // Connections that a database's driver keeps open would hold the thread.
      if ('index' in message && message.index === task.indexes.at(-1)) void worker.terminate()
    })
    worker.on('error', (error) => {
      const index = current()
      if (!ready || index === undefined) return reject(error)
      outcomes.set(index, { verdict: 'crashed', detail: String(error) })
    })
    worker.on('exit', () => {
      dog?.stop()
      resolve()
    })
  })
}
