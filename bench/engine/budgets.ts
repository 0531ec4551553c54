import type { Verdict } from '../container/budgets.ts'
import type { Row } from '../measure.ts'
import { readResult } from '../report.ts'

/** What the document engine may cost, as ratios to hand-written code in the same run. */
export function engineVerdicts(): Verdict[] {
  const ratio = (file: string): number | undefined =>
    // Written by rounds.ts.
    (readResult(`engine-${file}-node`) as Row[] | undefined)?.find(({ name }) => name === 'lexigram-edge')?.ratio
  return [
    { what: 'matcher, simple filter', measured: ratio('matcher-simple'), budget: 4 },
    { what: 'matcher, complex filter', measured: ratio('matcher-complex'), budget: 3 },
    { what: '$match, $group, $sort', measured: ratio('pipeline'), budget: 6 },
  ]
}
