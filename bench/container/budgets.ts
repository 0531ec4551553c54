import { readResult } from '../report.ts'
import { rowOf, type Verdict } from '../verdict.ts'
import type { Memory } from './memory-row.ts'

const own = 'lexigram-edge'

/** What the container may cost, as ratios to hand-wired code in the same run, and in bytes. */
export function containerVerdicts(): Verdict[] {
  const ratio = (file: string, name = own): number | undefined => rowOf(`container-${file}`, name)?.ratio
  // Written by memory.ts.
  const memory = (readResult('container-memory-node') as Memory[] | undefined)?.find((row) => row.name === own)
  return [
    { what: 'graph of 8 services, Node', measured: ratio('sync-node'), budget: 3.5 },
    { what: 'graph of 8 services, workerd', measured: ratio('sync-workerd', 'lexigram'), budget: 3.5 },
    { what: 'one async factory, Node', measured: ratio('async1-node'), budget: 2.5 },
    { what: 'four async factories, Node', measured: ratio('async4-node'), budget: 1.6 },
    { what: 'cached singleton, Node', measured: ratio('singleton-node'), budget: 2 },
    { what: 'cold build of 200, Node', measured: ratio('cold-node', 'lexigram'), budget: 2 },
    { what: 'bytes allocated per request', measured: memory?.allocated, budget: 800 },
    { what: 'heap slope per request', measured: memory?.slope, budget: 8 },
    { what: 'heap slope per request, forgotten', measured: memory?.forgotten, budget: 8 },
  ]
}
