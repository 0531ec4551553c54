import {
  createTableRelationsHelpers,
  extractTablesRelationalConfig,
  fillPlaceholders,
  sql,
  type SQL,
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

/** Drizzle's key to the type that a statement without mapped rows returns. */
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

  /**
   * Renders a builder or an expression; a text is sent as it is.
   *
   * @throws UsageError for what is not a statement, and for a placeholder without a value
   */
  prepare(item: unknown): PreparedStatement {
    if (item instanceof PreparedStatement) return item
    if (item instanceof BridgeQuery) return item.bind({})
    if (typeof item === 'string') return this.#render(sql.raw(item))
    assertWrapper(item)
    const query = preparedBy(item)
    return query instanceof BridgeQuery ? query.bind({}) : this.#render(item.getSQL())
  }

  /**
   * Renders what a call was made with: as `prepare`, a text with its parameters, or a template with its values.
   *
   * @throws UsageError for values that belong to nothing, or are not a list
   */
  prepareCall(query: unknown, values: readonly unknown[]): PreparedStatement {
    if (isTemplate(query)) return this.#render(sql(query, ...values))
    const [params, ...more] = values
    if (params === undefined && more.length === 0) return this.prepare(query)
    if (typeof query !== 'string' || !Array.isArray(params) || more.length > 0) {
      throw new UsageError('the parameters of a statement must be one list, beside a text', {
        hint: "Write session.execute('select $1', [value]); an expression sql`…` holds its own.",
      })
    }
    return new PreparedStatement({ text: query, params: params.map(encodeParam) }, toRows)
  }

  #render(expression: SQL): PreparedStatement {
    const { sql: text, params } = this.#dialect.sqlToQuery(expression)
    return new PreparedStatement({ text, params: params.map(encodeParam) }, toRows)
  }
}

function isTemplate(query: unknown): query is TemplateStringsArray {
  return Array.isArray(query) && Array.isArray((query as Partial<TemplateStringsArray>).raw)
}

function assertWrapper(item: unknown): asserts item is SQLWrapper {
  if (typeof (item as Partial<SQLWrapper> | null | undefined)?.getSQL === 'function') return
  const hint =
    item instanceof Promise
      ? 'Pass the builder itself, without having run it.'
      : 'Pass a Drizzle builder, an expression sql`…`, or a text.'
  throw new UsageError('a statement must be a builder, an expression or a text', { hint })
}

/** Builders can say how they map rows; the method is there at run time, and left out of their types. */
function preparedBy(item: SQLWrapper): unknown {
  return '_prepare' in item ? (item as { _prepare(): unknown })._prepare() : undefined
}

class BridgeSession extends PgSession<SqlResultHKT, Schema, TablesRelationalConfig> {
  readonly #runner: Runner

  constructor(dialect: PgDialect, runner: Runner) {
    super(dialect)
    this.#runner = runner
  }

  // Drizzle calls it so.
  // oxlint-disable-next-line max-params
  prepareQuery<T extends PreparedQueryConfig>(
    query: Query,
    fields: SelectedFieldsOrdered | undefined,
    _name: string | undefined,
    _arrays: boolean,
    mapper?: RowsMapper,
  ): PgPreparedQuery<T> {
    return new BridgeQuery(query, { fields, mapper, runner: this.#runner })
  }

  transaction(): Promise<never> {
    return Promise.reject(new UsageError('db.transaction cannot be used', { hint: 'Use session.transaction.' }))
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
    const params = this.#fill(values).map(encodeParam)
    return new PreparedStatement({ text: this.query.sql, params }, (set) => this.#read(set))
  }

  /** Drizzle throws a plain error that names the placeholder. */
  #fill(values: Record<string, unknown>): unknown[] {
    try {
      return fillPlaceholders(this.query.params, values)
    } catch (cause) {
      throw new UsageError('a prepared statement must have a value for each of its placeholders', {
        hint: 'Call prepared.execute({ name: value }).',
        cause,
      })
    }
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
