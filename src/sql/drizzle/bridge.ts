import {
  createTableRelationsHelpers,
  extractTablesRelationalConfig,
  fillPlaceholders,
  sql,
  type ExtractTablesWithRelations,
  type Query,
  type SQLWrapper,
  type TablesRelationalConfig,
} from 'drizzle-orm'
import {
  PgDatabase,
  PgDialect,
  PgPreparedQuery,
  PgSession,
  type PgQueryResultHKT,
  type PreparedQueryConfig,
  type SelectedFieldsOrdered,
} from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import { decodeCell } from '../text-format/decode.ts'
import type { RowSet } from '../contract/driver.ts'
import { encodeParam } from '../text-format/encode.ts'
import { createDialect, type Casing, type SqlDialect } from './dialect.ts'
import { PreparedStatement } from './prepared-statement.ts'
import { mapRows, type JoinedTables, type SelectedField } from './row-mapper.ts'
import { toRows, type SqlRows } from '../text-format/rows.ts'
import type { Runner } from '../session/connection-runner.ts'

export type Schema = Record<string, unknown>

/** Drizzle's key to the type that a statement without mapped rows gives back. */
export interface SqlResultHKT extends PgQueryResultHKT {
  type: SqlRows<this['row']>
}

/** Drizzle's query builder. Its own `transaction` is left out: a session has one that every driver keeps. */
export type Db<TSchema extends Schema = Record<string, never>> = Omit<PgDatabase<SqlResultHKT, TSchema>, 'transaction'>

type RowsMapper = (rows: unknown[][], mapColumnValue?: (value: unknown) => unknown) => unknown

/** Builds what sessions need from the schema, once per database. */
export class DrizzleBridge<TSchema extends Schema> {
  /** How statements are written; repositories write their own. */
  readonly dialect: SqlDialect
  readonly #dialect: PgDialect
  readonly #relations: {
    readonly fullSchema: TSchema
    readonly schema: ExtractTablesWithRelations<TSchema>
    readonly tableNamesMap: Record<string, string>
  }

  constructor(schema: TSchema, casing?: Casing) {
    this.#dialect = new PgDialect(casing === undefined ? {} : { casing })
    this.dialect = createDialect(this.#dialect)
    const { tables, tableNamesMap } = extractTablesRelationalConfig<ExtractTablesWithRelations<TSchema>>(
      schema,
      createTableRelationsHelpers,
    )
    this.#relations = { fullSchema: schema, schema: tables, tableNamesMap }
  }

  database(runner: Runner): Db<TSchema> {
    return new PgDatabase(this.#dialect, new BridgeSession(this.#dialect, runner), this.#relations)
  }

  /** Renders a builder or an expression. A plain string is sent as it is. */
  prepare(item: SQLWrapper | PreparedStatement | string): PreparedStatement {
    if (item instanceof PreparedStatement) return item
    const query = preparedBy(item)
    if (query instanceof BridgeQuery) return query.bind({})
    const { sql: text, params } = this.#dialect.sqlToQuery(typeof item === 'string' ? sql.raw(item) : item.getSQL())
    return new PreparedStatement({ text, params: params.map(encodeParam) }, toRows)
  }
}

/** Builders can say how they map rows; the method is there at run time, and left out of their types. */
function preparedBy(item: SQLWrapper | string): unknown {
  if (typeof item === 'string' || !('_prepare' in item)) return undefined
  return (item as { _prepare(): unknown })._prepare()
}

class BridgeSession extends PgSession<SqlResultHKT, Schema, TablesRelationalConfig> {
  readonly #runner: Runner

  constructor(dialect: PgDialect, runner: Runner) {
    super(dialect)
    this.#runner = runner
  }

  prepareQuery<T extends PreparedQueryConfig>(
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    ...[_name, _arrays, mapper]: [name: string | undefined, arrays: boolean, mapper?: RowsMapper]
  ): PgPreparedQuery<T> {
    return new BridgeQuery(query, { fields, mapper, runner: this.#runner })
  }

  transaction(): Promise<never> {
    return Promise.reject(new UsageError('db.transaction is not available', { hint: 'Use session.transaction.' }))
  }
}

interface BridgeParts {
  readonly fields: readonly SelectedField[] | undefined
  readonly mapper: RowsMapper | undefined
  readonly runner: Runner
}

class BridgeQuery<T extends PreparedQueryConfig> extends PgPreparedQuery<T> {
  /** Set by Drizzle's select builder. */
  joinsNotNullableMap: JoinedTables
  readonly #parts: BridgeParts

  constructor(query: Query, parts: BridgeParts) {
    super(query, undefined, undefined)
    this.#parts = parts
  }

  async execute(values: Record<string, unknown> = {}): Promise<T['execute']> {
    const { statement, read } = this.bind(values)
    const [set] = await this.#parts.runner.run([statement])
    return set === undefined ? [] : read(set)
  }

  bind(values: Record<string, unknown>): PreparedStatement {
    const params = fillPlaceholders(this.query.params, values).map(encodeParam)
    return new PreparedStatement({ text: this.query.sql, params }, (set) => this.#read(set))
  }

  #read(set: RowSet): unknown {
    const { fields, mapper } = this.#parts
    if (mapper !== undefined) return mapper(set.rows.map((row) => row.map((cell, i) => decode(set, cell, i))))
    return fields === undefined ? toRows(set) : mapRows(fields, set, this.joinsNotNullableMap)
  }
}

function decode(set: RowSet, cell: string | null, i: number): unknown {
  return decodeCell(cell, set.columns[i]?.type ?? 25)
}
