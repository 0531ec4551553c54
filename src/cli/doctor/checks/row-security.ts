import { sql } from 'drizzle-orm'
import { rowSecurityProblem, rowSecurityColumns, type RowSecurityAnswer } from '../../../sql/session/row-security.ts'
import type { DbSession } from '../../../sql/session/session.ts'
import type { Finding } from '../finding.ts'

const question = `select ${rowSecurityColumns}, exists (select from pg_catalog.pg_class where relrowsecurity) as has_policies`

interface Answer extends RowSecurityAnswer, Record<string, unknown> {
  readonly has_policies: boolean
}

/** Whether policies confine the role of the database, where there are tables with policies. */
export async function checkRowSecurity(session: Pick<DbSession, 'execute'>, file: string): Promise<readonly Finding[]> {
  const [answer] = await session.execute<Answer>(sql.raw(question))
  if (answer?.has_policies !== true) return []
  const problem = rowSecurityProblem(answer)
  if (problem === undefined) return []
  const { message, hint: fix = '' } = problem
  return [{ code: 'row-security', severity: 'error', message, file, key: '', fix }]
}
