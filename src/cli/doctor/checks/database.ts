import { isLexigramError, UsageError } from '../../../core/errors.ts'
import { connect } from '../../migrate/connect.ts'
import type { Finding } from '../finding.ts'
import { checkRowSecurity } from './row-security.ts'
import { checkSqlIndexes } from './sql-indexes.ts'

/** Longest time for one statement, in milliseconds. */
const timeoutMs = 10_000

export interface Target {
  readonly url: string
  /** What gave the URL. */
  readonly source: string
  readonly signal: AbortSignal
}

/** What only the PostgreSQL database knows; it is read and not changed. @param exported what the modules export */
export async function checkDatabase(
  { url, source, signal }: Target,
  exported: readonly unknown[],
): Promise<readonly Finding[]> {
  try {
    await using database = await connect({ url, driver: undefined, timeoutMs })
    await using session = database.session({ signal })
    return [...(await checkRowSecurity(session, source)), ...(await checkSqlIndexes(session, source, exported))]
  } catch (error) {
    return [unreachable(error, source)]
  }
}

/** For a database that could not be asked. @throws any other error than those of this package, and a wrong `--url` */
export function unreachable(error: unknown, source: string): Finding {
  if (!isLexigramError(error) || (source === '--url' && error instanceof UsageError)) throw error
  const { message, hint: fix = 'Correct the URL, or start the database.' } = error
  return { code: 'database-unreachable', severity: 'warning', message, file: source, key: '', fix }
}
