import type { InferInsertModel, InferSelectModel } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { DbSession } from '../session/session.ts'
import type { SqlKey } from './row-key.ts'

/** What a repository asks of its session. */
export type RepositorySession = Pick<DbSession, 'execute' | 'run' | 'batch' | 'cursors' | 'dialect'>

/** Columns of a row by their keys. What is left out the database fills or keeps, and the repository where it is its own. */
export type SqlRow<TTable extends PgTable> = {
  readonly [K in keyof InferInsertModel<TTable>]?: InferInsertModel<TTable>[K] | undefined
}

/**
 * How rows become entities and back. `toRow` need not return columns that the database computes or the repository keeps
 * (tenant, version of a new row, deletion, audit): whatever it returns for them is not written, except a version.
 */
export interface SqlMapping<TTable extends PgTable, TEntity> {
  toEntity(row: InferSelectModel<TTable>): TEntity
  toRow(entity: TEntity): SqlRow<TTable>
}

/** Options of `upsert`. */
export interface UpsertOptions<TTable extends PgTable> {
  /** Columns of a unique key, by which the row is there already. @default the primary key */
  readonly on?: readonly (keyof InferSelectModel<TTable> & string)[]
}

type ColumnsOf<TTable extends PgTable> = TTable['_']['columns']

/** The type of the column that is marked as the primary key; a key that is declared apart is not known to types. */
export type IdOf<TTable extends PgTable> = [MarkedId<TTable>] extends [never] ? SqlKey : MarkedId<TTable>

type MarkedId<TTable extends PgTable> = Extract<
  {
    [K in keyof ColumnsOf<TTable>]: ColumnsOf<TTable>[K]['_']['isPrimaryKey'] extends true
      ? ColumnsOf<TTable>[K]['_']['data']
      : never
  }[keyof ColumnsOf<TTable>],
  SqlKey
>
