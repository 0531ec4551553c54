import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeReport } from '../../tools/reports/reports.ts'
import { findFirestoreEmulator, startFirestoreEmulator } from '../../tools/emulators/firestore-emulator.ts'
import type { LaneName } from './lanes.ts'
import type { OracleCase } from './runner/case.ts'
import { judgeAll } from './runner/judge-all.ts'
import { groups, passRate, table, tally, type Judged } from './runner/report.ts'

const folder = process.env['LEXIGRAM_ORACLE']
const [first] = groups

/** Every case on filters, projections and updates, which drivers translate; of the others, which one engine answers, a part. */
function isSelected({ area, id }: OracleCase): boolean {
  return first?.areas.test(area) === true || [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 5 === 0
}

/** The least share of cases that a database answers as recorded. */
const minimum = 0.999
/** In milliseconds: ten thousand documents are inserted over the network first. */
const limit = 60_000

describe.skipIf(folder === undefined).each<[string, LaneName]>([
  ['MongoDB’s wire protocol', 'mongodb'],
  ['DynamoDB', 'dynamodb'],
])('recorded MongoDB answers over %s', (title, backend) => {
  judgeLane(title, () => judgeAll(folder ?? '', { backend, limit, select: isSelected }))
})

const noEmulator = process.env['FIRESTORE_EMULATOR_HOST'] === undefined && findFirestoreEmulator() === undefined

describe.skipIf(folder === undefined || noEmulator)('recorded MongoDB answers over Firestore’s emulator', () => {
  let stop = async (): Promise<void> => {}
  beforeAll(async () => {
    const emulator = await startFirestoreEmulator()
    // The thread that runs the cases finds it there, also when it is started again after one that hangs.
    process.env['FIRESTORE_EMULATOR_HOST'] = emulator.host
    stop = () => emulator.stop()
  }, 70_000)
  afterAll(() => stop())
  judgeLane('Firestore', () => judgeAll(folder ?? '', { backend: 'firestore', limit, select: isSelected }))
})

function judgeLane(title: string, judge: () => Promise<Judged[]>): void {
  it(
    'are given in at least 2,000 cases, without a hang or a crash',
    async () => {
      const judged = await judge()
      writeReport(`recorded MongoDB answers, ${title}`, table(judged).slice(table(judged).indexOf('\n\n') + 2))
      const sum = tally(judged)
      const failed = judged
        .filter(({ outcome }) => outcome !== undefined && outcome.verdict !== 'passed')
        .map(({ oracleCase, outcome }) => `${outcome?.verdict} ${oracleCase.id}`)
      const shown = failed.slice(0, 50).join('\n')
      expect(sum.cases - sum.excluded).toBeGreaterThanOrEqual(2_000)
      expect([sum.failed.hung, sum.failed.crashed], shown).toEqual([0, 0])
      expect(passRate(sum), shown).toBeGreaterThanOrEqual(minimum)
    },
    15 * 60_000,
  )
}
