import type { InferSelectModel } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import type { NamedColumn } from './column-value.ts'
import type { TableShape } from './table-shape.ts'

type ColumnKey<TTable extends PgTable> = keyof InferSelectModel<TTable> & string

/** Who is at work, or the tenant: a non-empty text or a finite number. */
export type SqlIdentity = string | number

/** Columns that say when a row was written, and by whom. The repository keeps them; entities need not have them. */
export interface SqlTimestamps<TTable extends PgTable = PgTable> {
  /** Set by the first save, unless the entity has a value for it. @default none */
  readonly createdAt?: ColumnKey<TTable>
  /** Set by each change, deletions and restorations included. @default none */
  readonly updatedAt?: ColumnKey<TTable>
  /** @default none */
  readonly createdBy?: ColumnKey<TTable>
  /** @default none */
  readonly updatedBy?: ColumnKey<TTable>
  /** For `createdBy` and `updatedBy`. A function is called for each write; null is written as NULL. */
  readonly by?: SqlIdentity | null | (() => SqlIdentity | null)
}

/** What a repository of rows does beside its mapping: soft deletion, versions, tenants, timestamps. */
export interface SqlRepositoryOptions<TTable extends PgTable = PgTable> {
  /** A column for the time of deletion: `delete` sets it, and every path then skips the row. @default none */
  readonly softDelete?: ColumnKey<TTable>
  /** A whole-number column that counts changes: a save over another's change is refused. @default none */
  readonly version?: ColumnKey<TTable>
  /** Confines every path to the rows of one tenant. A function is called for each call; without a tenant calls fail. */
  readonly tenant?: {
    /** The column of the tenant. */
    readonly field: ColumnKey<TTable>
    readonly id: SqlIdentity | (() => SqlIdentity | undefined)
  }
  /** Keeps the times of creation and of the last change, and who made them. @default none */
  readonly timestamps?: SqlTimestamps<TTable>
  /** Milliseconds since 1970, for the times that are kept. @default Date.now */
  readonly clock?: () => number
}

/** Options of a repository, checked against its table. */
export interface SqlRepositoryRules {
  readonly deleted: NamedColumn | undefined
  readonly version: NamedColumn | undefined
  /** The tenant's column and its value for the call at hand. @throws UsageError when there is none */
  readonly tenant: (() => TenantMark) | undefined
  readonly createdAt: NamedColumn | undefined
  readonly updatedAt: NamedColumn | undefined
  readonly createdBy: NamedColumn | undefined
  readonly updatedBy: NamedColumn | undefined
  /** @throws UsageError when it is unknown */
  readonly by: () => SqlIdentity | null
  readonly now: () => Date
}

export interface TenantMark extends NamedColumn {
  readonly id: SqlIdentity
}

const repositoryOptions = {
  softDelete: must.beText,
  version: must.beText,
  tenant: must.bePlainObject,
  timestamps: must.bePlainObject,
  clock: must.beFunction,
}
const tenantOptions = { field: must.beText, id: must.beAnything }
const timestampOptions = {
  createdAt: must.beText,
  updatedAt: must.beText,
  createdBy: must.beText,
  updatedBy: must.beText,
  by: must.beAnything,
}

/** @throws UsageError for options that do not fit the table */
export function toSqlRules<TTable extends PgTable>(
  shape: TableShape,
  options: SqlRepositoryOptions<TTable>,
): SqlRepositoryRules {
  const { softDelete, version, tenant, timestamps = {}, clock = Date.now } = assertOptions(options, repositoryOptions)
  assertOptions(timestamps, timestampOptions, 'timestamps')
  const tenantColumn = tenant && namedColumn(shape, assertOptions(tenant, tenantOptions, 'tenant').field)
  const optional = (key: string | undefined) => (key === undefined ? undefined : namedColumn(shape, key))
  return {
    deleted: nullable(optional(softDelete)),
    version: optional(version),
    tenant: tenant && tenantColumn && (() => ({ ...tenantColumn, id: currentTenant(tenant.id) })),
    createdAt: optional(timestamps.createdAt),
    updatedAt: optional(timestamps.updatedAt),
    createdBy: optional(timestamps.createdBy),
    updatedBy: optional(timestamps.updatedBy),
    by: () => currentAuthor(timestamps.by),
    now: () => new Date(clock()),
  }
}

function namedColumn(shape: TableShape, key: string): NamedColumn {
  const column = Object.hasOwn(shape.columns, key) ? shape.columns[key] : undefined
  if (column !== undefined) return { key, column }
  throw new UsageError(`the options of a repository cannot name '${key}': the table has no such column`)
}

/** Rows that are not deleted have no time of deletion. */
function nullable(named: NamedColumn | undefined): NamedColumn | undefined {
  if (named === undefined || !named.column.notNull) return named
  throw new UsageError(`the column '${named.key}' of the option softDelete must be nullable`)
}

function currentTenant(given: unknown): SqlIdentity {
  const id: unknown = typeof given === 'function' ? given() : given
  if (isIdentity(id)) return id
  throw new UsageError('the tenant of a repository must be a non-empty text or a finite number', {
    hint: 'Set the tenant before the repository is used, or make one without the tenant option.',
  })
}

function currentAuthor(given: unknown): SqlIdentity | null {
  const id: unknown = typeof given === 'function' ? given() : given
  if (id === null || isIdentity(id)) return id
  throw new UsageError('the author of a change must be a non-empty text, a finite number or null', {
    hint: 'Set the option timestamps.by.',
  })
}

function isIdentity(value: unknown): value is SqlIdentity {
  return typeof value === 'string' ? value !== '' : typeof value === 'number' && Number.isFinite(value)
}
