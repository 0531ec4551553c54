import type { PgTable } from 'drizzle-orm/pg-core'
import type { Specification } from '../../core/specification/specification.ts'
import type { SqlText } from '../contract/driver.ts'
import { PreparedStatement } from '../drizzle/prepared-statement.ts'
import { checkOptions, wholeNumber } from './check-options.ts'
import type { Fragment } from './fragment.ts'
import { isAfter, orderBy, totalOrder, type SqlSort, type TotalOrder } from './page.ts'
import { isKey } from './row-key.ts'
import { conditionOf, confine, statementOf, type Confinement, type Source } from './source.ts'

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

export function findById(source: Source, id: unknown, options: VisibilityOptions): PreparedStatement<unknown[]> {
  const { includeDeleted } = checkOptions(options, ['includeDeleted'])
  return rows(source, [' where ', confine(source, includeDeleted).where(isKey(source, id))])
}

/** Options as they were given, before they are checked. */
interface GivenOptions {
  readonly sort?: unknown
  readonly limit?: unknown
  readonly skip?: unknown
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
  const { sort, limit, skip = 0, includeDeleted } = checkOptions(options, ['sort', 'limit', 'skip', 'includeDeleted'])
  const conditions = specification === undefined ? [] : [conditionOf(source, specification.given)]
  const most = limit === undefined ? '' : ` limit ${wholeNumber(limit, 'limit', 0)}`
  const from = wholeNumber(skip, 'skip', 0) === 0 ? '' : ` offset ${skip}`
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
  const { limit = 20 } = checkOptions(options, ['where', 'sort', 'limit', 'after', 'includeDeleted'])
  return {
    conditions: 'where' in options ? [conditionOf(source, options.where)] : [],
    limit: wholeNumber(limit, 'limit', 1),
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
  const { includeDeleted } = checkOptions(options, ['includeDeleted'])
  const conditions = specification === undefined ? [] : [conditionOf(source, specification)]
  const where = confine(source, includeDeleted).where(...conditions)
  const statement = statementOf(source, ['select count(*) from ', source.names.table, ' where ', where])
  return new PreparedStatement(statement, (set) => Number(set.rows[0]?.[0] ?? 0))
}

export function existsRow(source: Source, id: unknown, options: VisibilityOptions): PreparedStatement<boolean> {
  const { includeDeleted } = checkOptions(options, ['includeDeleted'])
  const where = confine(source, includeDeleted).where(isKey(source, id))
  const statement = statementOf(source, ['select 1 from ', source.names.table, ' where ', where])
  return new PreparedStatement(statement, (set) => set.rows.length > 0)
}
