import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Runner } from '../session/connection-runner.ts'

/** The tables and relations of a database, by name, as Drizzle takes them. */
export type Schema = Record<string, unknown>

/** How columns that were declared without a name are called in the database. */
export type Casing = 'snake_case' | 'camelCase'

/** What the elements of an array are, and how many brackets it takes to get at one. */
export interface ArrayElements {
  readonly leaf: PgColumn
  readonly depth: number
}

/** What columns make of values from the database. */
export interface ColumnReaders {
  /** What the column makes of a value that is not null, decoded by its type in the database. */
  reader(column: PgColumn): (value: unknown) => unknown
  /** Whether that reader takes the text as it came. */
  readsText(column: PgColumn): boolean
  /** Undefined for a column without elements. */
  elementsOf(column: PgColumn): ArrayElements | undefined
}

/** What writes statements. */
export interface Renderer {
  /** @param source Where indexes are declared, columns come without their table. */
  sqlToQuery(expression: unknown, source?: 'indexes'): { readonly sql: string; readonly params: unknown[] }
}

/** Drizzle as one database uses it. */
export interface OpenedDrizzle {
  readonly renderer: Renderer
  /** The query builder, whose type depends on the version. What it prepares are `BuiltQuery`s. */
  database(runner: Runner): unknown
}

/**
 * Everything that this package needs of Drizzle and that its versions do in different ways; one file implements it for
 * 0.x, one for 1.x. What is the same in both is imported where it is used.
 */
export interface DrizzleVersion extends ColumnReaders {
  /** @throws UsageError for what this version does not take, or takes in another place */
  open(schema: Schema, casing: Casing | undefined): OpenedDrizzle
  /** What the column writes for a value that is not null: a parameter, or an expression. */
  write(column: PgColumn, value: unknown): unknown
}
