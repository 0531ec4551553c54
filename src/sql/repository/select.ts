import type { InferSelectModel } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type {
  EntitySort,
  ListOptions,
  PageOptions,
  StreamOptions,
  VisibilityOptions,
} from '../../core/repository/options.ts'
import type { SqlText } from '../contract/driver.ts'
import { PreparedStatement } from '../drizzle/prepared-statement.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import type { Fragment } from './fragment.ts'
import { isAfter, orderBy, totalOrder, type TotalOrder } from './page.ts'
import { isKey } from './row-key.ts'
import { conditionOf, confine, statementOf, type Confinement, type Source } from './source.ts'

/** Columns of the table; a field of the entity that is not one is refused when the query is made. */
type SortOf<TEntity, TTable extends PgTable> = EntitySort<(keyof InferSelectModel<TTable> | keyof TEntity) & string>

/** Options of `list` and `findBySpec` of a repository of rows. */
export interface SqlListOptions<TEntity, TTable extends PgTable = PgTable> extends Omit<ListOptions<TEntity>, 'sort'> {
  /** @default by id */
  readonly sort?: SortOf<TEntity, TTable>
}

/** Options of `stream` of a repository of rows. */
export interface SqlStreamOptions<TEntity, TTable extends PgTable = PgTable> extends Omit<
  StreamOptions<TEntity>,
  'sort'
> {
  /** Ties are broken by the id. @default by id */
  readonly sort?: SortOf<TEntity, TTable>
}

/** Options of `page` of a repository of rows. */
export interface SqlPageOptions<TEntity, TTable extends PgTable = PgTable> extends Omit<PageOptions<TEntity>, 'sort'> {
  /** Ties are broken by the id. @default by id */
  readonly sort?: SortOf<TEntity, TTable>
}

export function findById(source: Source, id: unknown, options: VisibilityOptions): PreparedStatement<unknown[]> {
  const { includeDeleted } = assertOptions(options, visibility)
  return rows(source, [' where ', confine(source, includeDeleted).where(isKey(source, id))])
}

const visibility = { includeDeleted: must.beBoolean }

/** The parts that are anything are checked where they are used. */
export const findOptions = {
  ...visibility,
  sort: must.beAnything,
  limit: must.beWholeNumberFrom(0),
  skip: must.beWholeNumberFrom(0),
}

const pageOptions = {
  ...visibility,
  where: must.beAnything,
  sort: must.beAnything,
  limit: must.beWholeNumberFrom(1),
  after: must.beAnything,
}

const { after: _after, ...withoutAfter } = pageOptions
export const streamOptions = withoutAfter

/** Options whose types do not matter any more. */
interface GivenOptions {
  readonly sort?: unknown
  readonly limit?: number
  readonly skip?: number
  readonly where?: unknown
  readonly after?: unknown
  readonly includeDeleted?: boolean
}

/** @param specification Absent for all rows */
export function selectRows(
  source: Source,
  options: GivenOptions,
  specification?: { readonly given: unknown },
): PreparedStatement<unknown[]> {
  const { sort, limit, skip = 0, includeDeleted } = assertOptions(options, findOptions)
  const conditions = specification === undefined ? [] : [conditionOf(source, specification.given)]
  const most = limit === undefined ? '' : ` limit ${limit}`
  const from = skip === 0 ? '' : ` offset ${skip}`
  const where = confine(source, includeDeleted).where(...conditions)
  return rows(source, [' where ', where, ' order by ', orderBy(source, totalOrder(source, sort)), most, from])
}

function rows(source: Source, rest: Fragment): PreparedStatement<unknown[]> {
  const { names, shape } = source
  const statement = statementOf(source, ['select ', names.all, ' from ', names.table, rest])
  return new PreparedStatement(statement, (set) => shape.read(set))
}

/** Rows of one page as they were read, and the position of the last where there are more. */
export interface RowPage {
  readonly rows: readonly unknown[]
  readonly last: readonly SqlText[] | null
}

/** A page that was asked for, checked. */
export interface PageRequest {
  readonly conditions: readonly Fragment[]
  readonly limit: number
  readonly order: TotalOrder
  readonly after: unknown
  readonly confinement: Confinement
}

export function pageRequest(source: Source, options: GivenOptions): PageRequest {
  const { limit = 20 } = assertOptions(options, pageOptions)
  return {
    conditions: 'where' in options ? [conditionOf(source, options.where)] : [],
    limit,
    order: totalOrder(source, options.sort),
    after: options.after,
    confinement: confine(source, options.includeDeleted),
  }
}

/** Reads one row more than asked for, to know whether there is a next page, and the position of each row as text. */
export function selectPage(
  source: Source,
  { conditions, limit, order, confinement }: PageRequest,
  position: readonly SqlText[] | null,
): PreparedStatement<RowPage> {
  const { names, shape } = source
  const positions = order.map(({ column }) => `${names.full(column)}::text`).join(', ')
  const after = position === null ? [] : [isAfter(source, order, position)]
  const statement = statementOf(source, [
    `select ${names.all}, ${positions} from ${names.table} where `,
    confinement.where(...conditions, ...after),
    ` order by ${orderBy(source, order)} limit ${limit + 1}`,
  ])
  return new PreparedStatement(statement, (set) => {
    const last = set.rows.length > limit ? set.rows[limit - 1] : undefined
    const shown = last === undefined ? set : { ...set, rows: set.rows.slice(0, limit) }
    return { rows: shape.read(shown), last: last?.slice(shape.named.length) ?? null }
  })
}

export function countRows(
  source: Source,
  options: VisibilityOptions,
  specification: unknown,
): PreparedStatement<number> {
  const { includeDeleted } = assertOptions(options, visibility)
  const conditions = specification === undefined ? [] : [conditionOf(source, specification)]
  const where = confine(source, includeDeleted).where(...conditions)
  const statement = statementOf(source, ['select count(*) from ', source.names.table, ' where ', where])
  return new PreparedStatement(statement, (set) => Number(set.rows[0]?.[0] ?? 0))
}

export function existsRow(source: Source, id: unknown, options: VisibilityOptions): PreparedStatement<boolean> {
  const { includeDeleted } = assertOptions(options, visibility)
  const where = confine(source, includeDeleted).where(isKey(source, id))
  const statement = statementOf(source, ['select 1 from ', source.names.table, ' where ', where])
  return new PreparedStatement(statement, (set) => set.rows.length > 0)
}
