import { describe, expect, it } from 'vitest'
import { adapterTable, type CaseResult } from './adapter-report.ts'

describe('the table of adapters and topics', () => {
  it('counts the outcomes of the cases of each topic', () => {
    const results: CaseResult[] = [
      { topic: 'requests', status: 'passed' },
      { topic: 'requests', status: 'passed' },
      { topic: 'responses', status: 'passed' },
      { topic: 'responses', status: 'failed' },
      { topic: 'errors', status: 'not run' },
      { topic: 'deadline', status: 'not applicable', reason: 'there is none' },
      { topic: 'lifecycle order', status: 'passed' },
      { topic: 'lifecycle order', status: 'not applicable', reason: 'nobody is told' },
    ]
    const [header, row, ...rest] = adapterTable([{ adapter: 'Example', results }]).split('\n')
    expect(header?.split(/ {2,}/).slice(1, 3)).toEqual(['requests', 'responses'])
    expect(header).toContain('lifecycle order')
    expect(row?.split(/ +/)).toEqual(['Example', '2', '✓', '1/2', '✗', '1', '✓', 'n.a.', 'not', 'run'])
    expect(rest).toEqual([
      '',
      'not applicable:',
      '  deadline: there is none (Example)',
      '  lifecycle order: nobody is told (Example)',
    ])
  })
})
