import { UsageError } from '../../core/errors.ts'
import { isSpecification } from '../../core/specification/combine.ts'
import type { SqlDialect, TableNames } from '../drizzle/dialect.ts'
import type { Statement } from '../contract/driver.ts'
import { specificationToSql } from '../specification/specification-to-sql.ts'
import { columnValue } from './column-value.ts'
import { allOf, toStatement, type Fragment } from './fragment.ts'
import type { SqlRepositoryRules, TenantMark } from './options.ts'
import type { TableShape } from './table-shape.ts'

/** The table and the rules that every statement of a repository keeps. */
export interface Source {
  readonly shape: TableShape
  readonly rules: SqlRepositoryRules
  readonly dialect: SqlDialect
  readonly names: TableNames
}

/** What confines one call: its tenant, asked for once, and the conditions that each of its statements has. */
export interface Confinement {
  readonly tenant: TenantMark | undefined
  readonly includeDeleted: boolean
  where(...conditions: readonly Fragment[]): Fragment
}

/** @throws UsageError when the repository is confined to a tenant, and there is none */
export function confine({ rules, names }: Source, includeDeleted = false): Confinement {
  const tenant = rules.tenant?.()
  const base: Fragment[] = []
  if (tenant !== undefined) base.push([names.full(tenant.column), ' = ', columnValue(tenant, tenant.id)])
  if (rules.deleted !== undefined && !includeDeleted) base.push(`${names.full(rules.deleted.column)} is null`)
  return { tenant, includeDeleted, where: (...conditions) => allOf([...conditions, ...base]) }
}

/**
 * A specification as a condition in parentheses.
 *
 * @throws UsageError for everything else: an expression could leave the tenant, and nothing is not "everything"
 */
export function conditionOf({ shape }: Source, specification: unknown): Fragment {
  const isObject = typeof specification === 'object' && specification !== null
  if (isObject && isSpecification(specification)) return specificationToSql(specification, shape.columns)
  throw new UsageError('a condition of a repository must be a specification', { hint: hintFor(specification) })
}

export function statementOf({ dialect }: Source, fragment: Fragment): Statement {
  return toStatement(fragment, dialect)
}

function hintFor(given: unknown): string {
  if (given === undefined || given === null) return 'Pass and() for all rows.'
  if (typeof given === 'object' && 'getSQL' in given) return 'For a Drizzle expression use session.db.'
  if (typeof given === 'object' && 'kind' in given) return 'Give plain data its methods back by toSpecification.'
  return 'Build one with fieldEq and its siblings.'
}
