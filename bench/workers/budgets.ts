import { rowOf, type Verdict } from '../verdict.ts'

const own = 'lexigram-edge + Hono'

/** What a Worker may cost, as ratios to the same Worker written by hand. */
export function workersVerdicts(): Verdict[] {
  const added = rowOf('cold-workers-container', 'the container')?.added
  return [
    { what: 'request to workerd, no services', measured: rowOf('http-empty', own)?.ratio, budget: 1.03 },
    { what: 'request to workerd, nothing to dispose of', measured: rowOf('http-services', own)?.ratio, budget: 1.05 },
    { what: 'request to workerd, a session released', measured: rowOf('http-session', own)?.ratio, budget: 1.1 },
    {
      what: 'first response of a fresh isolate, drizzle and Neon',
      measured: rowOf('cold-workers-neon', `${own}, drizzle and Neon`)?.ratio,
      budget: 1.05,
    },
    {
      what: 'the container in a fresh isolate, milliseconds of CPU',
      measured: added === undefined ? undefined : added / 1e6,
      budget: 0.8,
    },
  ]
}
