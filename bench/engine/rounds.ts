import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { cpuTime, median, shuffle, toRows } from '../measure.ts'
import { printTable, writeResult } from '../report.ts'

export interface Comparison {
  readonly title: string
  /** The first is what the others are compared with; all must give the same number. */
  readonly cases: Readonly<Record<string, () => number | Promise<number>>>
}

interface Sample {
  readonly answer: number
  readonly time: number
}

/**
 * Every round runs every case in a process of its own, in a new random order, so that none spoils another's inline caches.
 * Call it last: in such a process it ends there.
 */
export async function compareInRounds(name: string, { title, cases }: Comparison): Promise<void> {
  const { values } = parseArgs({
    strict: false,
    options: { quick: { type: 'boolean' }, only: { type: 'string' } },
  })
  if (typeof values.only === 'string') {
    console.log(JSON.stringify(await sample(cases[values.only]!)))
    return
  }
  const times = new Map<string, number[]>(Object.keys(cases).map((peer) => [peer, []]))
  const answers = new Set<number>()
  for (let round = 0; round < (values.quick === true ? 3 : 9); round++) {
    for (const peer of shuffle(Object.keys(cases))) {
      const { answer, time } = sampleElsewhere(peer)
      answers.add(answer)
      times.get(peer)?.push(time)
    }
  }
  if (answers.size !== 1) throw new Error(`the cases give different answers: ${[...answers].join(', ')}`)
  const rows = toRows(times)
  printTable(`${title}, Node ${process.versions.node}`, rows)
  writeResult(`engine-${name}-node`, rows)
}

async function sample(run: () => number | Promise<number>): Promise<Sample> {
  // Long enough for the compiler, whose threads count as well, to have done its work.
  let answer = await run()
  for (const end = cpuTime() + 5e8; cpuTime() < end;) answer = await run()
  const times: number[] = []
  for (let round = 0; round < 9; round++) {
    const start = cpuTime()
    let runs = 0
    for (; runs < 3 || cpuTime() - start < 2e7; runs++) await run()
    times.push((cpuTime() - start) / runs)
  }
  return { answer, time: median(times) }
}

function sampleElsewhere(peer: string): Sample {
  const args = [...process.execArgv, ...process.argv.slice(1), '--only', peer]
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${peer}: ${stderr}`)
  return JSON.parse(stdout) as Sample // printed by the same function in the other process
}
