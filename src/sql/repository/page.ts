import { BadRequestError, UsageError } from '../../core/errors.ts'
import type { Direction } from '../../core/repository/options.ts'
import type { SqlText } from '../contract/driver.ts'
import type { NamedColumn } from './column-value.ts'
import { bound, join, type Fragment } from './fragment.ts'
import type { Confinement, Source } from './source.ts'

interface OrderPart extends NamedColumn {
  readonly direction: Direction
}

/** An order in which no two rows are equal, for it ends with the primary key. */
export type TotalOrder = readonly OrderPart[]

/** @throws UsageError for what is not a list of pairs, and for a column that the table does not have */
export function totalOrder({ shape }: Source, sort: unknown = []): TotalOrder {
  if (!Array.isArray(sort)) throw wrongSort()
  const parts = sort.map((pair: unknown): OrderPart => {
    if (!Array.isArray(pair) || pair.length !== 2) throw wrongSort()
    const [key, direction] = pair as readonly unknown[]
    if (typeof key !== 'string' || (direction !== 'asc' && direction !== 'desc')) throw wrongSort()
    const column = Object.hasOwn(shape.columns, key) ? shape.columns[key] : undefined
    if (column === undefined) throw new UsageError(`rows cannot be sorted by '${key}': the table has no such column`)
    return { key, column, direction }
  })
  const rest = shape.keys.filter(({ key }) => parts.every((part) => part.key !== key))
  return [...parts, ...rest.map((named): OrderPart => ({ ...named, direction: 'asc' }))]
}

/**
 * Rows without a value come first in ascending order and last in descending order, as documents do. A column that is never
 * null does not say so, because the order of an ordinary index would then not be the one asked for.
 */
export function orderBy({ names }: Source, order: TotalOrder): string {
  return order
    .map(({ column, direction }) => {
      const nulls = column.notNull ? '' : direction === 'asc' ? ' nulls first' : ' nulls last'
      return `${names.full(column)} ${direction}${nulls}`
    })
    .join(', ')
}

/** Rows that come after a position: each column in turn is beyond, with those before it equal. */
export function isAfter(source: Source, order: TotalOrder, position: readonly SqlText[]): Fragment {
  const alternatives = order.map((part, i) => {
    const same = order.slice(0, i).map((earlier, j) => sameAs(source, earlier, position[j] ?? null))
    return join([...same, beyond(source, part, position[i] ?? null)], ' and ')
  })
  return ['(', join(alternatives, ' or '), ')']
}

function sameAs({ names }: Source, { column }: OrderPart, value: SqlText): Fragment {
  return value === null ? `${names.full(column)} is null` : [names.full(column), ' = ', bound(value)]
}

function beyond({ names }: Source, { column, direction }: OrderPart, value: SqlText): Fragment {
  const name = names.full(column)
  if (direction === 'asc') return value === null ? `${name} is not null` : [name, ' > ', bound(value)]
  if (value === null) return 'false'
  const past = [name, ' < ', bound(value)]
  return column.notNull ? past : ['(', past, ` or ${name} is null)`]
}

/** What a cursor belongs to: the table, the order, and what the rules say for the call at hand. */
export function cursorBinding({ names, rules }: Source, order: TotalOrder, confinement: Confinement): string {
  const { tenant, includeDeleted } = confinement
  return JSON.stringify([
    'rows',
    names.table,
    order.map(({ key, direction }) => [key, direction]),
    rules.deleted === undefined ? null : [rules.deleted.key, includeDeleted],
    tenant === undefined ? null : [tenant.key, tenant.id],
  ])
}

export function writePosition(position: readonly SqlText[]): string {
  return JSON.stringify(position)
}

/** @throws BadRequestError for a position that another version of this package wrote */
export function readPosition(text: string, order: TotalOrder): readonly SqlText[] {
  const position: unknown = JSON.parse(text)
  if (Array.isArray(position) && position.length === order.length) return position as readonly SqlText[]
  throw new BadRequestError('the page cursor cannot be used: it belongs to another version of the application')
}

function wrongSort(): UsageError {
  return new UsageError('sort must be an array of pairs of a column and a direction', {
    hint: "Write it as sort: [['name', 'asc'], ['id', 'desc']].",
  })
}
