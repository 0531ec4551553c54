import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeReport } from '../../tools/reports/reports.ts'
import {
  findFirestoreEmulator,
  startFirestoreEmulator,
  type FirestoreEmulator,
} from '../../tools/emulators/firestore-emulator.ts'
import { judgeAll } from './runner/judge-all.ts'
import { groups, passRate, table, tally, type Judged } from './runner/report.ts'

const folder = process.env['LEXIGRAM_ORACLE']
const isThere = process.env['FIRESTORE_EMULATOR_HOST'] !== undefined || findFirestoreEmulator() !== undefined

/** What this backend refuses by its capabilities: ObjectIds, and ids that are neither text nor numbers. */
function isRefusal({ oracleCase }: Judged): boolean {
  return /"\$oid"|"_id":(?:\{|null|true|false)/.test(JSON.stringify(oracleCase.ops))
}

describe.skipIf(folder === undefined || !isThere)('recorded MongoDB answers by Firestore (LEXIGRAM_ORACLE)', () => {
  let emulator: FirestoreEmulator | undefined
  let judged: readonly Judged[] = []
  const before = process.env['FIRESTORE_EMULATOR_HOST']
  beforeAll(async () => {
    emulator = await startFirestoreEmulator()
    process.env['FIRESTORE_EMULATOR_HOST'] = emulator.host
    judged = await judgeAll(folder ?? '', {
      backend: 'firestore',
      select: ({ area }) => groups[0]?.areas.test(area) === true,
    })
    writeReport('recorded MongoDB answers, by Firestore', table(judged))
  }, 600_000)
  afterAll(async () => {
    if (before === undefined) delete process.env['FIRESTORE_EMULATOR_HOST']
    await emulator?.stop()
  })

  it('answers as recorded, or refuses what it has no type for', () => {
    const answered = judged.filter(({ outcome }) => outcome !== undefined)
    expect(answered.length).toBeGreaterThan(1000)
    const wrong = answered.filter((each) => each.outcome?.verdict !== 'passed' && !isRefusal(each))
    expect(wrong.map(({ outcome, oracleCase }) => `${outcome?.verdict} ${oracleCase.id}`)).toEqual([])
    expect(passRate(tally([...judged]))).toBeGreaterThan(0.97)
  })
})
