import { getTableColumns, sql, type SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Statement } from '../contract/driver.ts'
import { bindParams } from './built-query.ts'
import type { Renderer } from './version.ts'

/** Names of one table as statements have them: escaped, and in the database's casing. */
export interface TableNames {
  readonly table: string
  /** With the table in front. */
  full(column: PgColumn): string
  /** Without it, as lists of columns to write take them. */
  bare(column: PgColumn): string
  /** All columns in the order of the table, with the table in front. */
  readonly all: string
}

/** How statements are written for one database. */
export interface SqlDialect {
  /** Worked out once per table. */
  namesOf(table: PgTable): TableNames
  render(query: SQL): Statement
}

export function createDialect(dialect: Renderer): SqlDialect {
  const known = new WeakMap<PgTable, TableNames>()
  return {
    namesOf(table) {
      let names = known.get(table)
      if (names === undefined) known.set(table, (names = tableNames(dialect, table)))
      return names
    },
    render(query) {
      const { sql: text, params } = dialect.sqlToQuery(query)
      return { text, params: bindParams(params) }
    },
  }
}

function tableNames(dialect: Renderer, table: PgTable): TableNames {
  const columns: readonly PgColumn[] = Object.values(getTableColumns(table))
  const full = new Map(columns.map((column) => [column, dialect.sqlToQuery(sql`${column}`).sql]))
  // Where indexes are declared, columns come without their table.
  const bare = new Map(columns.map((column) => [column, dialect.sqlToQuery(sql`${column}`, 'indexes').sql]))
  return {
    table: dialect.sqlToQuery(sql`${table}`).sql,
    full: (column) => full.get(column) ?? '',
    bare: (column) => bare.get(column) ?? '',
    all: [...full.values()].join(', '),
  }
}
