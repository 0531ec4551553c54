import { sql, type SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import type { TableShape } from './table-shape.ts'

type ColumnKey<TTable extends PgTable> = keyof TTable['$inferSelect'] & string

export interface SqlRepositoryOptions<TTable extends PgTable = PgTable> {
  /** A column for the time of deletion: `delete` sets it, and every path then passes over the row. @default none */
  readonly softDelete?: ColumnKey<TTable>
  /** A whole-number column that counts saves: a save over somebody else's is refused. @default none */
  readonly version?: ColumnKey<TTable>
  /** Confines every path to the rows of one tenant. A function is asked at each call; without a tenant calls fail. */
  readonly tenant?: {
    readonly column: ColumnKey<TTable>
    readonly id: string | number | (() => string | number | undefined)
  }
  /** Milliseconds since 1970, for the time of deletion. @default Date.now */
  readonly clock?: () => number
}

interface NamedColumn {
  readonly key: string
  readonly column: PgColumn
}

/** Options of a repository, checked against its table. */
export interface SqlRepositoryRules {
  readonly deleted: NamedColumn | undefined
  readonly version: NamedColumn | undefined
  /** The tenant's column and its value for the call at hand. @throws UsageError when there is none */
  readonly tenant: (() => NamedColumn & { readonly id: string | number }) | undefined
  readonly now: () => Date
}

export function toSqlRules<TTable extends PgTable>(
  shape: TableShape,
  options: SqlRepositoryOptions<TTable>,
): SqlRepositoryRules {
  const { softDelete, version, tenant, clock = Date.now } = options
  const tenantColumn = tenant && named(shape, tenant.column)
  return {
    deleted: softDelete === undefined ? undefined : named(shape, softDelete),
    version: version === undefined ? undefined : named(shape, version),
    tenant: tenant && tenantColumn && (() => ({ ...tenantColumn, id: currentTenant(tenant.id) })),
    now: () => new Date(clock()),
  }
}

/** What narrows every statement of the call at hand. */
export function baseConditions(rules: SqlRepositoryRules, includeDeleted: boolean): SQL[] {
  const tenant = rules.tenant?.()
  const conditions: SQL[] = []
  if (tenant !== undefined) conditions.push(sql`${tenant.column} = ${sql.param(tenant.id, tenant.column)}`)
  if (rules.deleted !== undefined && !includeDeleted) conditions.push(sql`${rules.deleted.column} is null`)
  return conditions
}

export function allOf(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql.raw('true') : sql.join([...conditions], sql.raw(' and '))
}

function named(shape: TableShape, key: string): NamedColumn {
  const column = shape.columns[key]
  if (column === undefined)
    throw new UsageError(`the table has no column '${key}', which the repository's options name`)
  return { key, column }
}

function currentTenant(id: string | number | (() => string | number | undefined)): string | number {
  const current = typeof id === 'function' ? id() : id
  if (current !== undefined && current !== '') return current
  throw new UsageError('the repository is confined to a tenant, and there is none', {
    hint: 'Set the tenant before the repository is used, or make one without the tenant option.',
  })
}
