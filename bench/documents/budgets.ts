import { rowOf, type Verdict } from '../verdict.ts'

/** What the MongoDB driver may cost, as ratios to the vendor's driver by itself in the same run. */
export function documentVerdicts(): Verdict[] {
  const ratio = (section: string): number | undefined => rowOf(`engine-mongodb-${section}-node`, 'lexigram-edge')?.ratio
  return [
    { what: 'findOne on MongoDB', measured: ratio('find-one'), budget: 1.1 },
    { what: 'writes on MongoDB', measured: ratio('writes'), budget: 1.25 },
    { what: 'find of 100 on MongoDB', measured: ratio('find-100'), budget: 1.08 },
  ]
}
