import { describe, expect, it } from 'vitest'
import { writeReport } from '../../tools/reports/reports.ts'
import { judgeAll } from './runner/judge-all.ts'
import { groups, passRate, table, tally } from './runner/report.ts'

const folder = process.env['LEXIGRAM_ORACLE']

describe.skipIf(folder === undefined)('recorded MongoDB answers (LEXIGRAM_ORACLE)', async () => {
  const judged = folder === undefined ? [] : await judgeAll(folder, { backend: 'memory' })
  if (folder !== undefined) writeReport('recorded MongoDB answers', table(judged))

  it('has cases', () => {
    expect(judged.length).toBeGreaterThan(0)
  })

  it('never hangs', () => {
    const hung = judged.filter(({ outcome }) => outcome?.verdict === 'hung').map(({ oracleCase }) => oracleCase.id)
    expect(hung).toEqual([])
  })

  it.each(groups)('answers $name as recorded', ({ areas, minimum }) => {
    const list = judged.filter(({ oracleCase }) => areas.test(oracleCase.area))
    const failed = list
      .filter(({ outcome }) => outcome !== undefined && outcome.verdict !== 'passed')
      .map(({ oracleCase, outcome }) => `${outcome?.verdict} ${oracleCase.id}`)
    expect(passRate(tally(list)), failed.slice(0, 50).join('\n')).toBeGreaterThanOrEqual(minimum)
  })
})
