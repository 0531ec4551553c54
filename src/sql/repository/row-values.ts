import { UsageError, PermissionDeniedError } from '../../core/errors.ts'
import { columnValue, type NamedColumn } from './column-value.ts'
import type { Fragment } from './fragment.ts'
import { assertGiven } from './given-value.ts'
import { isOneValue } from './one-spelling.ts'
import type { TenantMark } from './options.ts'
import type { Confinement, Source } from './source.ts'
import { isComputed } from './table-shape.ts'

/** A row by the keys of its table; what is `undefined` is left to the repository and the database. */
export type Row = Readonly<Record<string, unknown>>

/** A column with what is written into it. */
export interface Assignment extends NamedColumn {
  readonly value: Fragment
}

/** What a row is written with. */
export interface RowValues {
  /** For a row that is new. */
  readonly inserted: readonly Assignment[]
  /** For one that is there; not its key. */
  readonly updated: readonly Assignment[]
}

/**
 * What is written for a row: the entity's own values, defaults that Drizzle makes, and what the repository keeps, which
 * never comes from an entity.
 *
 * @throws PermissionDeniedError for a row of another tenant
 */
export function rowValues(source: Source, row: Row, { tenant }: Confinement): RowValues {
  if (tenant !== undefined) assertOwnTenant(row, tenant)
  const kept = keptValues(source, row, tenant)
  const inserted: Assignment[] = []
  const updated: Assignment[] = []
  const add = (named: NamedColumn, { insert, update }: KeptValue): void => {
    const value = insert === undefined ? undefined : columnValue(named, insert)
    if (value !== undefined) inserted.push({ ...named, value })
    if (update === undefined) return
    updated.push({ ...named, value: value !== undefined && update === insert ? value : columnValue(named, update) })
  }
  for (const named of source.shape.named) {
    const own = kept.get(named.key)
    if (own !== undefined) {
      add(named, own)
    } else if (!isComputed(named.column)) {
      assertGiven(named, row[named.key])
      const { insert, update } = givenValue(named, row[named.key])
      add(named, { insert, update: isKey(source, named) ? undefined : update })
    }
  }
  return { inserted, updated }
}

/** As Drizzle does it: a value that is given goes before those that are made, and what is made for changes serves new rows. */
function givenValue({ column }: NamedColumn, value: unknown): { readonly insert: unknown; readonly update: unknown } {
  if (value !== undefined) return { insert: value, update: value }
  const update: unknown = column.onUpdateFn?.()
  if (column.defaultFn !== undefined) return { insert: column.defaultFn(), update }
  return { insert: column.default === undefined ? update : undefined, update }
}

interface KeptValue {
  readonly insert?: unknown
  readonly update?: unknown
}

function keptValues({ rules }: Source, row: Row, tenant: TenantMark | undefined): Map<string, KeptValue> {
  const kept = new Map<string, KeptValue>()
  const { version, deleted, createdAt, updatedAt, createdBy, updatedBy } = rules
  const now = createdAt === undefined && updatedAt === undefined ? undefined : rules.now()
  const by = createdBy === undefined && updatedBy === undefined ? undefined : rules.by()
  if (version !== undefined) kept.set(version.key, { insert: 1 })
  if (deleted !== undefined) kept.set(deleted.key, {})
  if (tenant !== undefined) kept.set(tenant.key, { insert: tenant.id })
  if (createdAt !== undefined) kept.set(createdAt.key, { insert: row[createdAt.key] ?? now })
  if (createdBy !== undefined) kept.set(createdBy.key, { insert: row[createdBy.key] ?? by })
  if (updatedAt !== undefined) kept.set(updatedAt.key, { insert: now, update: now })
  if (updatedBy !== undefined) kept.set(updatedBy.key, { insert: by, update: by })
  return kept
}

/** What changes beside the mark of a deletion: the version, and who did it when. */
export function bookkeeping({ rules, names }: Source): Fragment[] {
  const { version, updatedAt, updatedBy } = rules
  return [
    ...(version === undefined ? [] : [`${names.bare(version.column)} = ${names.full(version.column)} + 1`]),
    ...(updatedAt === undefined ? [] : [[names.bare(updatedAt.column), ' = ', columnValue(updatedAt, rules.now())]]),
    ...(updatedBy === undefined ? [] : [[names.bare(updatedBy.column), ' = ', columnValue(updatedBy, rules.by())]]),
  ]
}

/** True when the row has a value for each column of the primary key. */
export function hasKey({ shape }: Source, row: Row): boolean {
  return shape.keys.every(({ key }) => row[key] !== undefined)
}

function isKey({ shape }: Source, { key }: NamedColumn): boolean {
  return shape.keys.some((named) => named.key === key)
}

/** @throws UsageError for what is not a row of the table */
export function checkRow({ shape }: Source, row: unknown): Row {
  if (typeof row !== 'object' || row === null || Array.isArray(row) || 'then' in row) {
    throw new UsageError('toRow must return an object of columns')
  }
  for (const [key, value] of Object.entries(row)) {
    if (value !== undefined && !Object.hasOwn(shape.columns, key)) {
      throw new UsageError(`toRow cannot return '${key}': the table has no such column`)
    }
  }
  return row as Row // an object, whose keys were checked
}

function assertOwnTenant(row: Row, tenant: TenantMark): void {
  const own = row[tenant.key]
  if (own === undefined || own === null || isOneValue(tenant, own, tenant.id)) return
  throw new PermissionDeniedError('an entity cannot be saved into another tenant', {
    hint: 'Leave the tenant out: the repository keeps it.',
  })
}
