import { UsageError } from '../../core/errors.ts'
import type { RowSet, SqlText, Statement } from '../contract/driver.ts'

/**
 * What is asked: whether policies concern the role at all, and those of the tables that it owns. The columns come after
 * those of the settings; their names say whose they are.
 */
export const rowSecurityColumns = [
  `current_user::text as lexigram_role`,
  `(select case when rolsuper then 'it is a superuser' when rolbypassrls then 'it has BYPASSRLS' end ` +
    `from pg_catalog.pg_roles where rolname = current_user) as lexigram_exempt`,
  `(select string_agg(oid::pg_catalog.regclass::text, ', ' order by oid) from pg_catalog.pg_class where relrowsecurity ` +
    `and not relforcerowsecurity and pg_catalog.pg_has_role(current_user, relowner, 'usage')) as lexigram_owned`,
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
  if (exempt === null && owned === null) return undefined
  const [whose, why, hint] =
    exempt === null
      ? [
          ` of ${owned}`,
          'it is the owner',
          'Run migrations as another role, or write `alter table … force row level security`.',
        ]
      : ['', exempt, 'Connect as a role without superuser and BYPASSRLS; use another for migrations.']
  return new UsageError(`row security${whose} cannot confine the role "${role}": ${why}`, { hint })
}

/** Finds out, with a statement that is sent anyway, whether policies concern the role of the database, and of settings. */
export interface RowSecurityCheck {
  /** Adds the question to the statement that applies settings, until it was answered for their role. */
  ask(statement: Statement): Statement
  /** @param statement that which was passed to `ask` */
  read(answer: RowSet | undefined, statement: Statement): void
}

/**
 * Settings such as `app.tenant_id` are there for policies. A role that policies do not concern sees all rows whatever
 * they say, so that a wrong policy passes every test: that is worth a warning, once for each role. The setting `role`
 * puts another in the place of the database's, so it is asked about on its own.
 *
 * @param warn receives a `UsageError` that names the role
 */
export function rowSecurityCheck(warn: (warning: UsageError) => void): RowSecurityCheck {
  /** Roles, and what the setting was for them: undefined without one. The database knows them, so they are few. */
  const answered = new Set<SqlText | undefined>()
  return {
    ask(statement) {
      const isForPolicies = statement.params.some((name, i) => i % 2 === 0 && /\.|^role$/i.test(name ?? ''))
      if (!isForPolicies || answered.has(roleOf(statement))) return statement
      return { ...statement, text: `${statement.text}, ${rowSecurityColumns}` }
    },
    read(answer, statement) {
      const cells = answer?.columns.map(({ name }, i) => [name, answer.rows[0]?.[i] ?? null])
      // Those of `rowSecurityColumns`, where they were asked for.
      const found = Object.fromEntries(cells ?? []) as Partial<RowSecurityAnswer>
      const role = found.lexigram_role
      if (role === undefined) return
      const isKnown = answered.has(role)
      answered.add(role).add(roleOf(statement))
      if (isKnown) return
      // One of them is there, so all are.
      const problem = rowSecurityProblem(found as RowSecurityAnswer)
      if (problem !== undefined) warn(problem)
    },
  }
}

/** What the statement that applies settings makes the role; names and values alternate in it, and the last one counts. */
function roleOf({ params }: Statement): SqlText | undefined {
  return params.findLast((_, i) => i % 2 === 1 && /^role$/i.test(params[i - 1] ?? ''))
}
