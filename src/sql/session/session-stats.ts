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
  /** How many of the statements each database was asked, by its name; a replica's is `<name>.replicas.<n>`. */
  readonly databases: Readonly<Record<string, number>>
}

/** The numbers as they are counted. */
export type CountedStats = { -readonly [K in Exclude<keyof SessionStats, 'databases'>]: SessionStats[K] } & {
  readonly databases: Record<string, number>
}

export function createStats(): CountedStats {
  return { calls: 0, statements: 0, rows: 0, failed: 0, durationMs: 0, databases: {} }
}

export function countStatements({ databases }: CountedStats, database: string, statements: number): void {
  databases[database] = (databases[database] ?? 0) + statements
}

/** Of one answer or several; a call that has none returned no rows. */
export function countRows(result: unknown): number {
  const sets = [result].flat() as readonly Partial<RowSet>[]
  return sets.reduce((total, set) => total + (set?.rowCount ?? 0), 0)
}
