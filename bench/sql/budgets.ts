import { rowOf, type Verdict } from '../verdict.ts'

/** What a repository may cost, as ratios to raw statements with a mapper by hand in the same run. */
export function sqlVerdicts(): Verdict[] {
  const ratio = (section: string): number | undefined => rowOf(`engine-sql-${section}-node`, 'lexigram-edge')?.ratio
  return [
    { what: 'SQL, find by id', measured: ratio('find'), budget: 12 },
    { what: 'SQL, save', measured: ratio('save'), budget: 12 },
    { what: 'SQL, page of twenty', measured: ratio('page'), budget: 12 },
    { what: 'SQL, save of twenty', measured: ratio('save-many'), budget: 12 },
  ]
}
