import { rowOf, type Verdict } from '../verdict.ts'

/** What checking programs may cost, as ratios to the same with the strict filters of MongoDB's driver in the same run. */
export function typesVerdicts(): Verdict[] {
  const ratio = (file: string): number | undefined => rowOf(`types-${file}`, 'lexigram-edge')?.ratio
  return [
    { what: 'types, instantiations', measured: ratio('instantiations'), budget: 1.6 },
    { what: 'types, time to check', measured: ratio('time'), budget: 1.6 },
  ]
}
