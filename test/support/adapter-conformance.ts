import { afterAll, it } from 'vitest'
import { adapterConformance } from '../../src/testing/adapter-conformance/adapter-conformance.ts'
import type { AdapterHarness } from '../../src/testing/adapter-conformance/conformance-case.ts'
import { writeAdapterRow, type CaseResult } from '../../tools/reports/adapter-report.ts'

/**
 * Registers the cases that apply to an adapter as tests.
 *
 * @param adapter As it is named in the table at the end of `npm test`. @default it is not in the table
 */
export function itConforms(harness: AdapterHarness, adapter?: string): void {
  const cases = adapterConformance()
  const results = cases.map((each): CaseResult => {
    const reason = each.notApplicable(harness)
    return {
      topic: each.topic,
      ...(reason === undefined ? { status: 'not run' } : { status: 'not applicable', reason }),
    }
  })
  const report = (): void => {
    if (adapter !== undefined) writeAdapterRow(adapter, results)
  }
  // Where the tests are skipped, or their file breaks, this row stays.
  report()
  afterAll(report)
  for (const [i, { topic, name, run }] of cases.entries()) {
    if (results[i]!.status === 'not applicable') continue
    it(`${topic}: ${name}`, async () => {
      results[i] = { topic, status: 'failed' }
      await run(harness)
      results[i] = { topic, status: 'passed' }
    })
  }
}
