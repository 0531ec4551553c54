import { rowOf, type Verdict } from '../verdict.ts'

/** What the document engine may cost, as ratios to hand-written code in the same run. */
export function engineVerdicts(): Verdict[] {
  const ratio = (file: string): number | undefined => rowOf(`engine-${file}-node`, 'lexigram-edge')?.ratio
  return [
    { what: 'matcher, simple filter', measured: ratio('matcher-simple'), budget: 4 },
    { what: 'matcher, complex filter', measured: ratio('matcher-complex'), budget: 3 },
    { what: '$match, $group, $sort', measured: ratio('pipeline'), budget: 6 },
  ]
}
