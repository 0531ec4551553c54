import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { shuffle } from './measure.ts'

/** What a case's process says: that it is ready, then one sample for each request. */
export interface Sample {
  /** Nanoseconds of CPU per run. */
  readonly time: number
  /** The result of the run, where all cases must have the same. */
  readonly answer?: number
}

const flag = '--case'

/** The case that this process is for, or undefined in the process that compares them. */
export function ownCase(): string | undefined {
  const at = process.argv.indexOf(flag)
  return at < 0 ? undefined : process.argv[at + 1]
}

/** In a case's process: measures whenever it is asked to. Warm up before. */
export function measureWhenAsked(measure: () => Promise<Sample>): void {
  process.on('message', () => void measure().then((sample) => process.send!(sample)))
  process.send!('ready')
}

/**
 * Samples of each case by name, round by round. Each case has its own process, so that none pays for another's
 * garbage or spoils its inline caches; a round asks each once, in a new random order, so that all have their share of
 * what else the machine does. Each generation has new processes: how V8 happens to optimise is not the same in each.
 */
export async function sampleApart(
  cases: readonly string[],
  { generations, rounds }: { readonly generations: number; readonly rounds: number },
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(cases.map((name) => [name, []]))
  for (let generation = 0; generation < generations; generation++) {
    const children: [string, ChildProcess][] = []
    try {
      for (const name of cases) children.push([name, await start(name)])
      for (let round = 0; round < rounds; round++) {
        for (const [name, child] of shuffle(children)) {
          child.send('measure')
          samples.get(name)!.push((await messageOf(child)) as Sample)
        }
      }
    } finally {
      for (const [, child] of children) await stop(child)
    }
  }
  return samples
}

async function start(name: string): Promise<ChildProcess> {
  const child = fork(process.argv[1]!, [...process.argv.slice(2), flag, name])
  child.once('exit', (code) => child.emit('error', new Error(`the process of ${name} ended with ${code}`)))
  await messageOf(child)
  return child
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child.removeAllListeners('exit'), 'exit')
  child.kill('SIGKILL')
  await exited
}

/** Rejects when the process ends instead. */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const [message] = (await once(child, 'message')) as [unknown]
  return message
}
