import { rowOf, type Verdict } from '../verdict.ts'

/** What document drivers may cost, as ratios to the vendor's client, or to code by hand, in the same run. */
export function documentVerdicts(): Verdict[] {
  const ratio = (section: string): number | undefined => rowOf(`engine-mongodb-${section}-node`, 'lexigram-edge')?.ratio
  const ofGet = (database: string, name: string): number | undefined =>
    rowOf(`engine-${database}-get-node`, name)?.ratio
  return [
    { what: 'findOne on MongoDB', measured: ratio('find-one'), budget: 1.1 },
    { what: 'writes on MongoDB', measured: ratio('writes'), budget: 1.25 },
    { what: 'find of 100 on MongoDB', measured: ratio('find-100'), budget: 1.08 },
    { what: 'get on DynamoDB over the SDK', measured: ofGet('dynamodb', 'lexigram-edge over the SDK'), budget: 1 },
    { what: 'get on DynamoDB over fetch', measured: ofGet('dynamodb', 'lexigram-edge over fetch'), budget: 0.45 },
    { what: 'get on Firestore', measured: ofGet('firestore', 'lexigram-edge'), budget: 1.2 },
  ]
}
