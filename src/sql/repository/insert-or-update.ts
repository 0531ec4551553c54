import { sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { DuplicateKeyError, OptimisticLockError, UsageError, type LexigramError } from '../../core/errors.ts'
import { allOf, baseConditions, type SqlRepositoryRules } from './options.ts'
import type { TableShape } from './table-shape.ts'

/** A row by the keys of its table; what is `undefined` is left to the database. */
export type Row = Readonly<Record<string, unknown>>

/** A statement that stores one row, and the error that it means when no row was affected. */
export interface RowWrite {
  readonly query: SQL
  readonly otherwise: () => LexigramError
}

/**
 * Without a version column a row is stored whether it is new or not. With one, a row without a version is new, and
 * another is stored only over the version that it carries.
 */
export function storeRow(shape: TableShape, rules: SqlRepositoryRules, row: Row): RowWrite {
  const { version } = rules
  const tenant = rules.tenant?.()
  const owned = tenant === undefined ? row : { ...row, [tenant.key]: tenant.id }
  const current = version && owned[version.key]
  if (version !== undefined && current !== undefined && current !== null) {
    return updateRow(shape, rules, { row: owned, version, current })
  }
  const first = version === undefined ? owned : { ...owned, [version.key]: 1 }
  return insertRow(shape, rules, { row: first, replace: version === undefined })
}

function insertRow(
  shape: TableShape,
  rules: SqlRepositoryRules,
  { row, replace }: { readonly row: Row; readonly replace: boolean },
): RowWrite {
  const entries = valuesOf(shape, row)
  const names = list(entries.map(({ column }) => name(column)))
  const values = list(entries.map(({ column, value }) => parameter(column, value)))
  const changes = entries.filter(({ key }) => key !== shape.idKey)
  const assignments = changes.map(({ column }) => sql`${name(column)} = excluded.${name(column)}`)
  // An assignment of the id to itself makes the database return the row that was there.
  const set = list(assignments.length > 0 ? assignments : [sql`${name(shape.id)} = excluded.${name(shape.id)}`])
  const update = sql` on conflict (${name(shape.id)}) do update set ${set} where ${allOf(baseConditions(rules, false))}`
  const conflict = replace && row[shape.idKey] !== undefined ? update : sql.empty()
  return {
    query: sql`insert into ${shape.table} (${names}) values (${values})${conflict}`,
    otherwise: () =>
      new DuplicateKeyError('a row with this key exists already, and is deleted or belongs to another tenant', {
        publicMessage: 'a row with this key exists already',
      }),
  }
}

interface Update {
  readonly row: Row
  readonly version: { readonly key: string; readonly column: PgColumn }
  readonly current: unknown
}

function updateRow(shape: TableShape, rules: SqlRepositoryRules, { row, version, current }: Update): RowWrite {
  const changes = valuesOf(shape, row).filter(({ key }) => key !== shape.idKey && key !== version.key)
  const counted = sql`${name(version.column)} = ${version.column} + 1`
  const set = list([...changes.map(({ column, value }) => sql`${name(column)} = ${parameter(column, value)}`), counted])
  const where = allOf([
    sql`${shape.id} = ${sql.param(row[shape.idKey], shape.id)}`,
    sql`${version.column} = ${sql.param(current, version.column)}`,
    ...baseConditions(rules, false),
  ])
  return {
    query: sql`update ${shape.table} set ${set} where ${where}`,
    otherwise: () =>
      new OptimisticLockError('the row was changed or deleted since it was read', {
        hint: 'Read it again, repeat the change and save.',
      }),
  }
}

function valuesOf(shape: TableShape, row: Row) {
  const entries = Object.entries(row).filter(([, value]) => value !== undefined)
  if (entries.length === 0) throw new UsageError('a row without any value cannot be stored')
  return entries.map(([key, value]) => {
    const column = Object.hasOwn(shape.columns, key) ? shape.columns[key] : undefined
    if (column === undefined) throw new UsageError(`toRow gave '${key}', and the table has no such column`)
    return { key, column, value }
  })
}

/** The bare name: in lists of columns to write, PostgreSQL takes no table in front. */
function name(column: PgColumn): SQL {
  return sql`${sql.identifier(column.name)}`
}

/** NULL stays NULL, whatever the column would make of it. */
function parameter(column: PgColumn, value: unknown): SQL {
  return value === null ? sql.raw('null') : sql`${sql.param(value, column)}`
}

function list(items: readonly SQL[]): SQL {
  return sql.join([...items], sql.raw(', '))
}
