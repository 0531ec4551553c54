import { measureWhenAsked, ownCase, sampleApart, type Sample } from '../apart.ts'
import { cpuTime, toRows } from '../measure.ts'
import { printTable, writeResult } from '../report.ts'

/** By the names of what is compared. */
export type Cases = Readonly<Record<string, () => number | Promise<number>>>

export interface Comparison {
  readonly title: string
  /** Milliseconds of CPU that each case runs before it is measured. @default 500 */
  readonly warmUp?: number
  /** The first is the baseline of the others; all must return the same number. */
  readonly cases: Cases
}

/** Compares cases in separate processes. Call it last. */
export async function compareInRounds(name: string, { title, cases, warmUp = 500 }: Comparison): Promise<void> {
  const own = ownCase()
  if (own !== undefined) return serve(cases[own]!, warmUp)
  const quick = process.argv.includes('--quick')
  const samples = await sampleApart(Object.keys(cases), { generations: quick ? 3 : 7, rounds: 3 })
  const answers = new Set([...samples.values()].flat().map(({ answer }) => answer))
  if (answers.size !== 1) throw new Error(`the cases give different answers: ${[...answers].join(', ')}`)
  const rows = toRows(new Map([...samples].map(([peer, all]) => [peer, all.map(({ time }) => time)])))
  printTable(`${title}, Node ${process.versions.node}`, rows)
  writeResult(`engine-${name}-node`, rows)
}

async function serve(run: () => number | Promise<number>, warmUp: number): Promise<void> {
  // Long enough for the compiler, whose threads count as well, to have done its work.
  for (const end = cpuTime() + warmUp * 1e6; cpuTime() < end;) await run()
  measureWhenAsked(() => sample(run))
}

async function sample(run: () => number | Promise<number>): Promise<Sample> {
  let answer = Number.NaN
  let runs = 0
  const start = cpuTime()
  for (; runs < 3 || cpuTime() - start < 6e7; runs++) answer = await run()
  return { answer, time: (cpuTime() - start) / runs }
}
