import type { RowSet } from '../contract/driver.ts'

/** What a session, and those derived from it, have asked of the database until now. */
export interface SessionStats {
  /** Requests to the driver: a statement, a batch, the begin and the end of a transaction. */
  readonly calls: number
  readonly statements: number
  /** Rows returned or affected. */
  readonly rows: number
  /** Calls that failed. */
  readonly failed: number
  /** How long callers have waited for answers, in milliseconds; calls that went on together count each. */
  readonly durationMs: number
}

/** The numbers as they are counted. */
export type CountedStats = { -readonly [K in keyof SessionStats]: SessionStats[K] }

export function createStats(): CountedStats {
  return { calls: 0, statements: 0, rows: 0, failed: 0, durationMs: 0 }
}

/** Of one answer or several; a call that has none returned no rows. */
export function countRows(result: unknown): number {
  const sets = [result].flat() as readonly Partial<RowSet>[]
  return sets.reduce((total, set) => total + (set?.rowCount ?? 0), 0)
}
