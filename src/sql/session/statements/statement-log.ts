import { assertMembers, must } from '../../../core/assert-options.ts'
import type { LexigramError } from '../../../core/errors.ts'
import type { Statement } from '../../contract/driver.ts'

/** What went to the database in one go. Parameters are not part of it, only how many there were. */
export interface StatementLog {
  readonly statements: readonly { readonly text: string; readonly params: number }[]
  /** 0 for a `begin` that is sent with the first statement; those that were sent together count one each. */
  readonly roundTrips: number
  readonly durationMs: number
  /** Rows returned or affected, over all statements; 0 when it failed. */
  readonly rows: number
  /** Code of the error, when it failed. */
  readonly error?: string
}

/** Receives each call after it has ended. */
export type SqlLogger = (entry: StatementLog) => void

/** Measures calls for `echo`. Without a logger nothing is measured. */
export interface Observer {
  readonly log: SqlLogger | undefined
  /** Milliseconds, of any origin. */
  readonly now: () => number
}

/** Reports one call after it has ended. A logger that throws does not fail the call. */
export function report(
  observer: Observer,
  call: { readonly statements: readonly Statement[]; readonly roundTrips?: 0 | 1 },
  outcome: { readonly startedAt: number; readonly rows: number; readonly error?: LexigramError },
): void {
  try {
    observer.log?.({
      statements: call.statements.map(({ text, params }) => ({ text, params: params.length })),
      roundTrips: call.roundTrips ?? 1,
      durationMs: observer.now() - outcome.startedAt,
      rows: outcome.rows,
      ...(outcome.error !== undefined && { error: outcome.error.code }),
    })
  } catch {
    // Logging is not the statement's business.
  }
}

const entryChecks = {
  statements: must.beArray,
  roundTrips: must.beNumber,
  durationMs: must.beNumber,
  rows: must.beNumber,
}

const statementChecks = { text: must.beText, params: must.beNumber }

/** One readable line, for loggers that want text: `12.3 ms, 1 round trip, 3 rows: select …`. @throws UsageError `LEX_ERR_USE_001` */
export function formatStatementLog(entry: StatementLog): string {
  assertMembers(entry, entryChecks, 'the entry')
  for (const statement of entry.statements) assertMembers(statement, statementChecks, 'a statement of the entry')
  const outcome = entry.error ?? `${entry.rows} ${entry.rows === 1 ? 'row' : 'rows'}`
  const texts = entry.statements.map(({ text, params }) => (params === 0 ? text : `${text} [${params} redacted]`))
  return `${entry.durationMs.toFixed(1)} ms, ${entry.roundTrips} round trip${entry.roundTrips === 1 ? '' : 's'}, ${outcome}: ${texts.join('; ')}`
}
