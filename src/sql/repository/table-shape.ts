import { getTableColumns, sql, type SQL } from 'drizzle-orm'
import { PgDialect, type PgColumn, type PgTable } from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import type { RowSet, Statement } from '../contract/driver.ts'
import { PreparedStatement } from '../drizzle/prepared-statement.ts'
import { encodeParam } from '../text-format/encode.ts'
import { mapRows, type SelectedField } from '../drizzle/row-mapper.ts'
import type { Columns } from './specification-to-sql.ts'

/** What a repository needs to know of a table, worked out once per table. */
export interface TableShape {
  readonly table: PgTable
  readonly columns: Columns
  readonly fields: readonly SelectedField[]
  /** All columns, in the order of `fields`. */
  readonly selection: SQL
  readonly idKey: string
  readonly id: PgColumn
  /** Statements that are the same for every call, by what they are for. */
  readonly rendered: Map<string, RenderedQuery>
}

/** Statement text whose parameters are values, or names of values to fill in. */
export interface RenderedQuery {
  readonly sql: string
  readonly params: readonly unknown[]
}

const dialect = new PgDialect()
const shapes = new WeakMap<PgTable, TableShape>()

/** @throws UsageError for a table without a primary key of one column */
export function shapeOf(table: PgTable): TableShape {
  let shape = shapes.get(table)
  if (shape === undefined) shapes.set(table, (shape = createShape(table)))
  return shape
}

function createShape(table: PgTable): TableShape {
  const columns: Columns = getTableColumns(table)
  const entries = Object.entries(columns)
  const [id, another] = entries.filter(([, column]) => column.primary)
  if (id === undefined || another !== undefined) {
    throw new UsageError('a repository needs a table whose primary key is one column', {
      hint: 'Mark the column with .primaryKey(), or use session.db for this table.',
    })
  }
  const selection = sql.join(
    entries.map(([, column]) => sql`${column}`),
    sql.raw(', '),
  )
  const fields = entries.map(([key, field]): SelectedField => ({ path: [key], field }))
  return { table, columns, fields, selection, idKey: id[0], id: id[1], rendered: new Map() }
}

export function render(query: SQL): RenderedQuery {
  return dialect.sqlToQuery(query)
}

export function toStatement({ sql: text, params }: RenderedQuery): Statement {
  return { text, params: params.map(encodeParam) }
}

/** A statement whose rows are whole rows of the table, behind `skip` columns of something else. */
export function rowsOf(shape: TableShape, statement: Statement, skip = 0): PreparedStatement<unknown[]> {
  return new PreparedStatement(statement, (set) => mapRows(shape.fields, dropColumns(set, skip), undefined))
}

function dropColumns(set: RowSet, count: number): RowSet {
  if (count === 0) return set
  return { ...set, columns: set.columns.slice(count), rows: set.rows.map((row) => row.slice(count)) }
}
