import type { OracleCase } from './case.ts'
import type { Outcome, Verdict } from './run-case.ts'

export interface Judged {
  readonly oracleCase: OracleCase
  readonly excluded?: string
  readonly outcome?: Outcome
}

export interface AreaGroup {
  readonly name: string
  readonly areas: RegExp
  /** Least share of the cases in scope that must pass. */
  readonly minimum: number
}

export const groups: readonly AreaGroup[] = [
  {
    name: 'filters, projections, updates',
    areas: /^(query|projection|update|query_and_write|data-types|indexes)\//,
    minimum: 1,
  },
  { name: 'stages', areas: /^stages\//, minimum: 0.98 },
  { name: 'accumulators, window functions', areas: /^(accumulators|window)\//, minimum: 0.98 },
  { name: 'expressions', areas: /^expressions\//, minimum: 0.98 },
]

export interface Tally {
  cases: number
  excluded: number
  passed: number
  otherKeyOrder: number
  readonly failed: Record<Exclude<Verdict, 'passed'>, number>
}

export function tally(judged: Iterable<Judged>): Tally {
  const sum: Tally = {
    cases: 0,
    excluded: 0,
    passed: 0,
    otherKeyOrder: 0,
    failed: { wrong: 0, accepted: 0, refused: 0, crashed: 0, hung: 0 },
  }
  for (const { excluded, outcome } of judged) {
    sum.cases++
    if (excluded !== undefined || outcome === undefined) sum.excluded++
    else if (outcome.verdict === 'passed') {
      sum.passed++
      if (outcome.otherKeyOrder === true) sum.otherKeyOrder++
    } else sum.failed[outcome.verdict]++
  }
  return sum
}

export function passRate({ cases, excluded, passed }: Tally): number {
  return cases === excluded ? 1 : passed / (cases - excluded)
}

/** A line per area, a line per group, and how often each reason kept a case out. */
export function table(judged: readonly Judged[]): string {
  const areas = Map.groupBy(judged, ({ oracleCase }) => oracleCase.area)
  const rows = [...areas].sort(([a], [b]) => (a < b ? -1 : 1)).map(([area, list]) => line(area, tally(list)))
  const sums = groups.map(({ name, areas: pattern }) =>
    line(name, tally(judged.filter(({ oracleCase }) => pattern.test(oracleCase.area)))),
  )
  const reasons = Map.groupBy(
    judged.flatMap(({ excluded }) => (excluded === undefined ? [] : [excluded])),
    (reason) => reason,
  )
  return [
    header,
    ...rows,
    '',
    header,
    ...sums,
    line('all', tally(judged)),
    '',
    'left out:',
    ...[...reasons].map(([reason, list]) => `${String(list.length).padStart(7)}  ${reason}`),
  ].join('\n')
}

const columns = ['cases', 'left out', 'passed', 'wrong', 'accepted', 'refused', 'crashed', 'hung', 'key order'] as const
const header = row('area', columns, 'rate')

function line(name: string, sum: Tally): string {
  const { wrong, accepted, refused, crashed, hung } = sum.failed
  const cells = [sum.cases, sum.excluded, sum.passed, wrong, accepted, refused, crashed, hung, sum.otherKeyOrder]
  return row(name, cells, sum.cases === sum.excluded ? '' : `${(passRate(sum) * 100).toFixed(2)}%`)
}

function row(name: string, cells: readonly (string | number)[], rate: string): string {
  return [name.padEnd(32), ...cells.map((cell) => String(cell || '').padStart(9)), rate.padStart(8)].join(' ')
}
