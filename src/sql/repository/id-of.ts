import type { PgTable } from 'drizzle-orm/pg-core'
import type { SqlKey } from './row-key.ts'

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
