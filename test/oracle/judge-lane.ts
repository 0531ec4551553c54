import { expect, it } from 'vitest'
import { writeReport } from '../../tools/reports/reports.ts'
import type { LaneName } from './lanes.ts'
import type { OracleCase } from './runner/case.ts'
import { judgeAll } from './runner/judge-all.ts'
import { groups, passRate, table, tally } from './runner/report.ts'

const [first] = groups

/**
 * Half of the cases on filters, projections and updates, which drivers translate; of the others, which one engine answers,
 * fewer. `LEXIGRAM_ORACLE_CASES=all` selects each; over a network they take many minutes.
 */
function isSelected({ area, id }: OracleCase): boolean {
  if (process.env['LEXIGRAM_ORACLE_CASES'] === 'all') return true
  const sum = [...id].reduce((total, letter) => total + letter.charCodeAt(0), 0)
  return sum % (first?.areas.test(area) === true ? 2 : 8) === 0
}

/** The least share of cases that a database answers as recorded. */
const minimum = 0.999
/** In milliseconds: ten thousand documents are inserted over the network first. */
const limit = 60_000

/** Registers the test of recorded answers over one database. */
export function judgeLane(title: string, backend: LaneName, folder: string): void {
  it('are given in at least 2,000 cases, without a hang or a crash', { timeout: 15 * 60_000 }, async () => {
    const judged = await judgeAll(folder, { backend, limit, select: isSelected })
    const report = table(judged)
    writeReport(`recorded MongoDB answers, ${title}`, report.slice(report.indexOf('\n\n') + 2))
    const sum = tally(judged)
    const failed = judged
      .filter(({ outcome }) => outcome !== undefined && outcome.verdict !== 'passed')
      .map(({ oracleCase, outcome }) => `${outcome?.verdict} ${oracleCase.id}`)
    const shown = failed.slice(0, 50).join('\n')
    expect(sum.cases - sum.excluded).toBeGreaterThanOrEqual(2_000)
    expect([sum.failed.hung, sum.failed.crashed], shown).toEqual([0, 0])
    expect(passRate(sum), shown).toBeGreaterThanOrEqual(minimum)
  })
}
