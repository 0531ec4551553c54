import { fork } from 'node:child_process'
import { join } from 'node:path'
import { watchdog } from '../support/hang.ts'
import type { Outcome } from './case.ts'
import { hostileCases } from './cases.ts'

/** Sent when a case begins, and with its outcome when it ends. */
interface Report {
  readonly outcome?: Outcome
}

export interface Limits {
  /** Milliseconds after which a case counts as hung. */
  readonly time: number
  /** Mebibytes that a case may hold, its input and the code included. */
  readonly memory: number
}

/** Every case's outcome; one that has none in time is `hung`, and one that ends its process `crashed`. */
export async function runHostileCases(limits: Limits): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  while (outcomes.length < hostileCases.length) outcomes.push(...(await runFrom(outcomes.length, limits)))
  return outcomes
}

/** In a process, which a lack of memory ends for certain. */
function runFrom(from: number, { time, memory }: Limits): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  return new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, 'worker.ts'), [String(from)], {
      execArgv: [`--max-old-space-size=${memory}`, '--no-warnings'],
      stdio: 'ignore',
    })
    let hung = false
    const dog = watchdog(time, () => {
      hung = true
      child.kill('SIGKILL')
    })
    child.on('message', ({ outcome }: Report) => {
      dog.feed()
      if (outcome !== undefined) outcomes.push(outcome)
    })
    child.on('exit', (code) => {
      dog.stop()
      if (code !== 0) outcomes.push({ ends: hung ? 'hung' : 'crashed', cpu: 0 })
      resolve(outcomes)
    })
  })
}
