import { UsageError } from '../../core/errors.ts'
import type { RowSet, Statement } from '../contract/driver.ts'

/** Columns after those of the settings; their names say whose they are. */
const columns = { role: 'lexigram_role', exempt: 'lexigram_exempt', owned: 'lexigram_owned' } as const

/** What is asked: whether policies concern the role at all, and those of its own tables. */
export const rowSecurityColumns = [
  `current_user::text as ${columns.role}`,
  `(select case when rolsuper then 'it is a superuser' when rolbypassrls then 'it has BYPASSRLS' end ` +
    `from pg_catalog.pg_roles where rolname = current_user) as ${columns.exempt}`,
  `(select string_agg(oid::pg_catalog.regclass::text, ', ' order by oid) from pg_catalog.pg_class where relrowsecurity ` +
    `and not relforcerowsecurity and pg_catalog.pg_has_role(current_user, relowner, 'usage')) as ${columns.owned}`,
].join(', ')

/** What {@link rowSecurityColumns} are answered with. */
export interface RowSecurityAnswer {
  readonly lexigram_role: string
  readonly lexigram_exempt: string | null
  readonly lexigram_owned: string | null
}

/** Why policies do not concern the role; undefined when they do. */
export function rowSecurityProblem(answer: RowSecurityAnswer): UsageError | undefined {
  const { lexigram_role: role, lexigram_exempt: exempt, lexigram_owned: owned } = answer
  if (exempt !== null) return exemptWarning(role, exempt)
  return owned === null ? undefined : ownerWarning(role, owned)
}

/** Finds out, once and with a statement that is sent anyway, whether policies concern the role of the database. */
export interface RowSecurityCheck {
  /** Adds the question to the statement that applies settings, until it was answered. */
  ask(statement: Statement): Statement
  read(answer: RowSet | undefined): void
}

/**
 * Settings such as `app.tenant_id` are there for policies. A role that policies do not concern sees all rows whatever
 * they say, so that a wrong policy passes every test: that is worth a warning, once for each database.
 *
 * @param warn receives a `UsageError` that names the role
 */
export function rowSecurityCheck(warn: (warning: UsageError) => void): RowSecurityCheck {
  let answered = false
  return {
    ask(statement) {
      const isForPolicies = statement.params.some((name, i) => i % 2 === 0 && name?.includes('.'))
      return answered || !isForPolicies ? statement : { ...statement, text: `${statement.text}, ${rowSecurityColumns}` }
    },
    read(answer) {
      const cell = (name: string): string | null | undefined =>
        answer?.rows[0]?.[answer.columns.findIndex((column) => column.name === name)]
      const role = cell(columns.role)
      if (answered || typeof role !== 'string') return
      answered = true
      const [exempt = null, owned = null] = [cell(columns.exempt), cell(columns.owned)]
      const problem = rowSecurityProblem({ [columns.role]: role, [columns.exempt]: exempt, [columns.owned]: owned })
      if (problem !== undefined) warn(problem)
    },
  }
}

function exemptWarning(role: string, why: string): UsageError {
  return new UsageError(`row security cannot confine the role "${role}": ${why}`, {
    hint: 'Connect as a role without superuser and BYPASSRLS; use another for migrations.',
  })
}

function ownerWarning(role: string, tables: string): UsageError {
  return new UsageError(`row security of ${tables} cannot confine the role "${role}": it is the owner`, {
    hint: 'Run migrations as another role, or write `alter table … force row level security`.',
  })
}
