import { wait } from '../../core/wait.ts'
import { assertMembers, assertOptions, must } from '../../core/assert-options.ts'
import { assertFunction } from '../../core/plain-object.ts'

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
  /** The part of `budget` that work in flight gets before the application shuts down. */
  readonly grace: number
}

/** Remembers a promise for as long as it is pending, and returns it. */
export type Track = <T>(work: Promise<T>) => Promise<T>

const timeChecks = { budget: must.beNumberFrom(0), grace: must.beNumberFrom(0) }

const processChecks = { on: must.beFunction, listenerCount: must.beFunction, exit: must.beFunction }

interface Ending {
  readonly stop: () => Promise<void>
  readonly budget: number
}

/** One listener for each process, however many applications it has: Node warns of more than ten. */
const endings = new WeakMap<TerminableProcess, Set<Ending>>()

/**
 * Calls `stop`, which shuts an application down, before the platform ends the process. The process ends as soon as all its
 * applications have stopped, or when the time is over. Each application has all of the time.
 *
 * @throws UsageError `LEX_ERR_USE_001` for malformed times, and for a process without these methods
 * @returns a function that registers a promise as work in flight and returns it
 */
export function stopOnTermination(
  stop: () => Promise<void>,
  process: TerminableProcess,
  times: TerminationTimes,
): Track {
  assertFunction(stop, 'what stopOnTermination calls')
  assertMembers(process, processChecks, 'the process')
  const { budget, grace } = assertOptions(times, timeChecks, 'the times of stopOnTermination')
  assertMembers(times, timeChecks, 'the times of stopOnTermination')
  const running = new Set<Promise<unknown>>()
  const end = async (): Promise<void> => {
    if (running.size > 0) await Promise.race([Promise.allSettled(running), wait(grace)])
    await stop()
  }
  endingsOf(process).add({ stop: end, budget })
  return (work) => {
    running.add(work)
    const forget = (): void => void running.delete(work)
    work.then(forget, forget)
    return work
  }
}

function endingsOf(process: TerminableProcess): Set<Ending> {
  const known = endings.get(process)
  if (known !== undefined) return known
  const all = new Set<Ending>()
  endings.set(process, all)
  process.on('SIGTERM', () => void end(process, [...all]))
  return all
}

async function end(process: TerminableProcess, all: readonly Ending[]): Promise<void> {
  const hasOthers = process.listenerCount('SIGTERM') > 1
  const ended = all.map(({ stop, budget }) => Promise.race([stop(), wait(budget)]))
  if (hasOthers) ended.push(wait(Math.max(...all.map(({ budget }) => budget))))
  await Promise.allSettled(ended)
  process.exit(0)
}
