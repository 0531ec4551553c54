import { describe, expect, it } from 'vitest'
import { lineOf, sumOf, tallyOfReport } from './vitest-report.ts'

function file(status: string, ...tests: readonly (readonly [status: string, suite: string])[]) {
  const assertionResults = tests.map(([result, suite]) => ({
    status: result,
    title: 'does it',
    ancestorTitles: ['', suite],
  }))
  return { status, assertionResults }
}

describe('a tally', () => {
  it('names what was skipped beside its counts', () => {
    const testResults = [
      file('passed', ['passed', 'a'], ['skipped', 'needs PostgreSQL'], ['pending', 'needs PostgreSQL'], ['todo', 'b']),
      file('failed', ['failed', 'a'], ['passed', 'a']),
    ]
    const tally = tallyOfReport({ success: false, testResults })
    expect(tally).toEqual({ passed: 2, failed: 1, skipped: 3, skippedSuites: ['needs PostgreSQL', 'b'] })
    expect(lineOf(tally)).toBe('2 passed, 1 failed, 3 skipped')
  })

  it('counts a file that could not be loaded as a failure', () => {
    expect(
      tallyOfReport({ success: false, testResults: [file('failed'), file('passed', ['passed', 'a'])] }),
    ).toMatchObject({
      passed: 1,
      failed: 1,
    })
  })

  it('never says that all is well when the run says otherwise', () => {
    expect(tallyOfReport({ success: false, testResults: [file('passed', ['passed', 'a'])] })).toMatchObject({
      failed: 1,
    })
  })

  it('is summed over runs', () => {
    const one = tallyOfReport({ success: true, testResults: [file('passed', ['passed', 'a'])] })
    expect(lineOf(sumOf([one, one]))).toBe('2 passed, 0 failed')
  })
})
