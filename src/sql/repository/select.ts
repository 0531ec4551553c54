import { sql, type SQL } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import type { Specification, SpecificationNode } from '../../core/specification/specification.ts'
import type { RowSet } from '../contract/driver.ts'
import { PreparedStatement } from '../drizzle/prepared-statement.ts'
import { encodeParam } from '../text-format/encode.ts'
import { mapRows } from '../drizzle/row-mapper.ts'
import { fromCursor, isAfter, orderBy, toCursor, totalOrder, type SqlSort } from './page.ts'
import { allOf, baseConditions, type SqlRepositoryRules } from './options.ts'
import { specificationToSql } from './specification-to-sql.ts'
import { render, rowsOf, toStatement, type TableShape } from './table-shape.ts'

export interface VisibilityOptions {
  /** Also those that were softly deleted. @default false */
  readonly includeDeleted?: boolean
}

export interface SqlFindOptions<TTable extends PgTable = PgTable> extends VisibilityOptions {
  /** @default by id */
  readonly sort?: SqlSort<keyof TTable['$inferSelect'] & string>
  /** At most this many. @default all; 100 for `list` */
  readonly limit?: number
  /** @default 0 */
  readonly skip?: number
}

export interface SqlPageOptions<TEntity, TTable extends PgTable = PgTable> extends VisibilityOptions {
  readonly where?: Specification<TEntity>
  readonly sort?: SqlSort<keyof TTable['$inferSelect'] & string>
  /** @default 20 */
  readonly limit?: number
  /** `next` of the page before. */
  readonly after?: string | null | undefined
}

/** Options whose types do not matter any more. */
interface FindRequest extends VisibilityOptions {
  readonly sort?: SqlSort
  readonly limit?: number
  readonly skip?: number
}

interface PageRequest extends FindRequest {
  readonly where?: SpecificationNode
  readonly after?: string | null | undefined
}

/** Rows of one page as they were read, and the cursor of the next. */
export interface RowPage {
  readonly rows: readonly unknown[]
  readonly next: string | null
}

/** The table and the rules that every statement of a repository keeps. */
export interface Source {
  readonly shape: TableShape
  readonly rules: SqlRepositoryRules
}

/** A condition with what the rules add to it. */
export function confinedCondition(
  { shape, rules }: Source,
  condition: SQL | SpecificationNode | undefined,
  includeDeleted = false,
): SQL {
  const conditions = baseConditions(rules, includeDeleted)
  if (condition !== undefined) {
    conditions.push('kind' in condition ? specificationToSql(condition, shape.columns) : condition)
  }
  return allOf(conditions)
}

export function isOneOf({ id }: TableShape, ids: readonly unknown[]): SQL {
  const values = ids.map((value) => sql`${sql.param(value, id)}`)
  return sql`${id} in (${sql.join(values, sql.raw(', '))})`
}

/** The text depends on the table and the rules only, so it is rendered once for all repositories of a kind. */
export function findById({ shape, rules }: Source, id: unknown, includeDeleted: boolean): PreparedStatement<unknown[]> {
  const tenant = rules.tenant?.()
  const deleted = includeDeleted ? undefined : rules.deleted
  const key = `find ${deleted?.key ?? ''} ${tenant?.key ?? ''}`
  let rendered = shape.rendered.get(key)
  if (rendered === undefined) {
    const where = allOf([sql`${shape.id} = ${sql.param(id, shape.id)}`, ...baseConditions(rules, includeDeleted)])
    rendered = render(sql`select ${shape.selection} from ${shape.table} where ${where}`)
    shape.rendered.set(key, rendered)
  }
  const params = [shape.id.mapToDriverValue(id)]
  if (tenant !== undefined) params.push(tenant.column.mapToDriverValue(tenant.id))
  return rowsOf(shape, { text: rendered.sql, params: params.map(encodeParam) })
}

export function selectRows(
  source: Source,
  options: FindRequest,
  specification?: SpecificationNode,
): PreparedStatement<unknown[]> {
  const { shape } = source
  const { sort = [], limit, skip = 0, includeDeleted } = options
  const order = orderBy(totalOrder(shape, sort))
  const most = limit === undefined ? sql.empty() : sql` limit ${wholeNumber(limit, 'limit', 0)}`
  const from = skip === 0 ? sql.empty() : sql` offset ${wholeNumber(skip, 'skip', 0)}`
  const where = confinedCondition(source, specification, includeDeleted)
  const query = sql`select ${shape.selection} from ${shape.table} where ${where} order by ${order}${most}${from}`
  return rowsOf(shape, toStatement(render(query)))
}

/** Reads one row more than asked for, to know whether there is a next page, and the position of each row as text. */
export function selectPage(source: Source, options: PageRequest): PreparedStatement<RowPage> {
  const { shape } = source
  const { limit = 20, sort = [], where, after, includeDeleted } = options
  const order = totalOrder(shape, sort)
  const behind = typeof after === 'string' ? sql` and ${isAfter(order, fromCursor(order, after))}` : sql.empty()
  const positions = sql.join(
    order.parts.map(({ column }) => sql`${column}::text`),
    sql.raw(', '),
  )
  const most = wholeNumber(limit, 'limit', 1) + 1
  const condition = sql`${confinedCondition(source, where, includeDeleted)}${behind}`
  const query = sql`select ${shape.selection}, ${positions} from ${shape.table} where ${condition} order by ${orderBy(order)} limit ${most}`
  const read = (set: RowSet): RowPage => {
    const shown = { ...set, rows: set.rows.slice(0, limit) }
    const last = set.rows.length > limit ? shown.rows.at(-1) : undefined
    const next = last === undefined ? null : toCursor(order, last.slice(shape.fields.length))
    return { rows: mapRows(shape.fields, shown, undefined), next }
  }
  return new PreparedStatement(toStatement(render(query)), read)
}

function wholeNumber(value: number, what: string, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new UsageError(`${what} needs a whole number from ${least}`)
}
