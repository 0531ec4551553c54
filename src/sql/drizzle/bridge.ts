import { sql, type SQL, type SQLWrapper } from 'drizzle-orm'
import { UsageError } from '../../core/errors.ts'
import type { Runner } from '../session/connection-runner.ts'
import { encodeParam } from '../text-format/encode.ts'
import { toRows } from '../text-format/rows.ts'
import { bindParams, BuiltQuery } from './built-query.ts'
import type { Db } from './db.ts'
import { createDialect, type SqlDialect } from './dialect.ts'
import { drizzle } from './drizzle.ts'
import { PreparedStatement } from './prepared-statement.ts'
import type { Casing, OpenedDrizzle, Schema } from './version.ts'

/** Builds what sessions need from the schema, once per database. */
export class DrizzleBridge<TSchema extends Schema> {
  /** How statements are written; repositories write their own. */
  readonly dialect: SqlDialect
  readonly #drizzle: OpenedDrizzle

  /** @throws UsageError for a version of Drizzle that is not known, and for what the version does not take */
  constructor(schema: TSchema, casing?: Casing) {
    this.#drizzle = drizzle.open(schema, casing)
    this.dialect = createDialect(this.#drizzle.renderer)
  }

  database(runner: Runner): Db<TSchema> {
    return this.#drizzle.database(runner) as Db<TSchema> // by the version that is installed, as the type is
  }

  /**
   * Renders a builder or an expression; text is sent as it is.
   *
   * @throws UsageError for what is not a statement, and for a placeholder without a value
   */
  prepare(item: unknown): PreparedStatement {
    if (item instanceof PreparedStatement) return item
    if (item instanceof BuiltQuery) return item.bind({})
    if (typeof item === 'string') return this.#render(sql.raw(item))
    assertWrapper(item)
    const query = preparedBy(item)
    return query instanceof BuiltQuery ? query.bind({}) : this.#render(item.getSQL())
  }

  /**
   * Renders what a call was made with: as `prepare`, text with its parameters, or a template with its values.
   *
   * @throws UsageError for values that belong to nothing, or are not an array
   */
  prepareCall(query: unknown, values: readonly unknown[]): PreparedStatement {
    if (isTemplate(query)) {
      assertValues(values)
      return this.#render(sql(query, ...values))
    }
    const [params, ...more] = values
    if (params === undefined && more.length === 0) return this.prepare(query)
    if (typeof query !== 'string' || !Array.isArray(params) || more.length > 0) {
      throw new UsageError('the parameters of a statement must be one array, after its text', {
        hint: "Write session.execute('select $1', [value]); an expression sql`…` holds its own.",
      })
    }
    return new PreparedStatement({ text: query, params: Array.from(params, encodeParam) }, toRows)
  }

  #render(expression: SQL): PreparedStatement {
    const { sql: text, params } = this.#drizzle.renderer.sqlToQuery(expression)
    return new PreparedStatement({ text, params: bindParams(params) }, toRows)
  }
}

/** Drizzle writes nothing in its place: a condition would silently be gone. */
function assertValues(values: readonly unknown[]): void {
  if (!values.includes(undefined)) return
  throw new UsageError('a value of a template cannot be undefined', {
    hint: 'Pass null for NULL, and sql.empty() for nothing.',
  })
}

function isTemplate(query: unknown): query is TemplateStringsArray {
  return Array.isArray(query) && Array.isArray((query as Partial<TemplateStringsArray>).raw) // an array may have it
}

function assertWrapper(item: unknown): asserts item is SQLWrapper {
  // Anything may be asked for it.
  if (typeof (item as Partial<SQLWrapper> | null | undefined)?.getSQL === 'function') return
  const hint =
    item instanceof Promise
      ? 'Pass the builder itself, without having run it.'
      : 'Pass a Drizzle builder, an expression sql`…`, or text.'
  throw new UsageError('a statement must be a builder, an expression or text', { hint })
}

/** Builders can say how they map rows; the method is there at run time, and left out of their types. */
function preparedBy(item: SQLWrapper): unknown {
  return '_prepare' in item ? (item as { _prepare(): unknown })._prepare() : undefined
}
