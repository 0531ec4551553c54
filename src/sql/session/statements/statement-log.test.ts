import { describe, expect, it } from 'vitest'
import { formatStatementLog, report } from './statement-log.ts'

describe('formatStatementLog', () => {
  it('is one line with time, outcome and statements, without parameters', () => {
    const entry = {
      statements: [
        { text: 'select $1', params: 1 },
        { text: 'select 2', params: 0 },
      ],
      roundTrips: 1,
      durationMs: 12.34,
      rows: 1,
    }
    expect(formatStatementLog(entry)).toBe('12.3 ms, 1 round trip, 1 row: select $1 [1 redacted]; select 2')
    expect(formatStatementLog({ ...entry, error: 'LEX_ERR_DB_005' })).toContain('LEX_ERR_DB_005: ')
  })
})

describe('report', () => {
  it('keeps a logger that throws away from the statement', () => {
    const log = () => {
      throw new Error('disk full')
    }
    expect(() => report({ log, now: () => 0 }, { statements: [] }, { startedAt: 0, rows: 0 })).not.toThrow()
  })
})
