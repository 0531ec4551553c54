import { sql } from 'drizzle-orm'
import { isLexigramError } from '../../../core/errors.ts'
import { rowSecurityProblem, rowSecurityColumns, type RowSecurityAnswer } from '../../../sql/session/row-security.ts'
import { connect } from '../../migrate/connect.ts'
import type { Finding } from '../finding.ts'

/** Longest time for the one statement, in milliseconds. */
const timeoutMs = 10_000

const question = `select ${rowSecurityColumns}, exists (select from pg_catalog.pg_class where relrowsecurity) as has_policies`

interface Answer extends RowSecurityAnswer, Record<string, unknown> {
  readonly has_policies: boolean
}

export interface Target {
  readonly url: string
  /** What gave the URL. */
  readonly source: string
  readonly signal: AbortSignal
}

/** Whether policies confine the role of the database, where there are tables with policies. */
export async function checkRowSecurity({ url, source, signal }: Target): Promise<readonly Finding[]> {
  const place = { file: source, key: '' }
  try {
    await using database = await connect({ url, driver: undefined, timeoutMs })
    await using session = database.session({ signal })
    const [answer] = await session.execute<Answer>(sql.raw(question))
    if (answer?.has_policies !== true) return []
    const problem = rowSecurityProblem(answer)
    if (problem === undefined) return []
    const { message, hint = '' } = problem
    return [{ code: 'row-security', severity: 'error', message, ...place, fix: hint }]
  } catch (error) {
    if (!isLexigramError(error)) throw error
    const { message, hint = 'Correct the URL, or start the database.' } = error
    return [{ code: 'database-unreachable', severity: 'warning', message, ...place, fix: hint }]
  }
}
