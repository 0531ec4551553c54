import { getTableColumns, is } from 'drizzle-orm'
import { getTableConfig, PgTable, type PgColumn } from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import { tableReader, type TableReader } from '../drizzle/row-reader.ts'
import type { Columns } from '../specification/specification-to-sql.ts'
import type { NamedColumn } from './column-value.ts'

/** What a repository needs to know of a table, worked out once per table. */
export interface TableShape {
  readonly table: PgTable
  readonly columns: Columns
  /** All columns, in the order of the table. */
  readonly named: readonly NamedColumn[]
  /** The primary key. */
  readonly keys: readonly NamedColumn[]
  /** Rows of the table, after `skip` columns of something else and before what follows. */
  readonly read: TableReader
}

const shapes = new WeakMap<PgTable, TableShape>()

/** @throws UsageError for what is not a table, and for one without a primary key */
export function shapeOf(table: PgTable): TableShape {
  let shape = shapes.get(table)
  if (shape === undefined) shapes.set(assertTable(table), (shape = createShape(table)))
  return shape
}

/** What the database alone writes: it refuses every value for it. */
export function isComputed({ generated, generatedIdentity }: PgColumn): boolean {
  return generated !== undefined || generatedIdentity?.type === 'always'
}

function assertTable(table: PgTable): PgTable {
  if (is(table, PgTable)) return table
  throw new UsageError('the table of a repository must be a Drizzle table', { hint: 'Make it with pgTable.' })
}

function createShape(table: PgTable): TableShape {
  const columns: Columns = getTableColumns(table)
  const named = Object.entries(columns).map(([key, column]): NamedColumn => ({ key, column }))
  const declared = new Set(getTableConfig(table).primaryKeys.flatMap((key) => key.columns.map(({ name }) => name)))
  const keys = named.filter(({ column }) => column.primary || declared.has(column.name))
  if (keys.length === 0) {
    throw new UsageError('the table of a repository must have a primary key', {
      hint: 'Mark a column with .primaryKey(), or several with primaryKey({ columns }); or use session.db for this table.',
    })
  }
  const read = tableReader(named.map((one) => ({ ...one, isKey: keys.includes(one) })))
  return { table, columns, named, keys, read }
}
