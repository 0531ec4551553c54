import { sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { BadRequestError, UsageError } from '../../core/errors.ts'
import type { SqlText } from '../contract/driver.ts'
import type { TableShape } from './table-shape.ts'

export type Direction = 'asc' | 'desc'

/** Columns to order by, the most important first. Rows without a value come last in either direction. */
export type SqlSort<TKey extends string = string> = readonly (readonly [column: TKey, direction: Direction])[]

/** An order in which no two rows are equal, for it ends with the id. */
export interface TotalOrder {
  readonly parts: readonly { readonly column: PgColumn; readonly direction: Direction }[]
  /** Names and directions, which a cursor has to agree with. */
  readonly signature: string
}

/** @throws UsageError for a column that the table does not have */
export function totalOrder(shape: TableShape, sort: SqlSort): TotalOrder {
  const keyed = sort.some(([key]) => key === shape.idKey) ? sort : [...sort, [shape.idKey, 'asc'] as const]
  const parts = keyed.map(([key, direction]) => {
    const column = Object.hasOwn(shape.columns, key) ? shape.columns[key] : undefined
    if (column === undefined) throw new UsageError(`cannot sort by '${key}': the table has no such column`)
    return { column, direction: direction === 'desc' ? ('desc' as const) : ('asc' as const) }
  })
  return { parts, signature: keyed.map(([key, direction]) => `${key} ${direction}`).join() }
}

export function orderBy({ parts }: TotalOrder): SQL {
  return sql.join(
    parts.map(({ column, direction }) => sql`${column} ${sql.raw(direction)} nulls last`),
    sql.raw(', '),
  )
}

/** Rows that come after a position: each column in turn is beyond, with those before it equal. */
export function isAfter({ parts }: TotalOrder, position: readonly SqlText[]): SQL {
  const alternatives = parts.map(({ column, direction }, i) => {
    const same = parts.slice(0, i).map((part, j) => sameAs(part.column, position[j] ?? null))
    return sql.join([...same, beyond(column, direction, position[i] ?? null)], sql.raw(' and '))
  })
  return sql`(${sql.join(alternatives, sql.raw(' or '))})`
}

function sameAs(column: PgColumn, value: SqlText): SQL {
  return value === null ? sql`${column} is null` : sql`${column} = ${value}`
}

function beyond(column: PgColumn, direction: Direction, value: SqlText): SQL {
  if (value === null) return sql.raw('false')
  const past = sql`${column} ${sql.raw(direction === 'asc' ? '>' : '<')} ${value}`
  return column.notNull ? past : sql`(${past} or ${column} is null)`
}

/** Opaque text for a position; it holds the values of the order's columns, and is no secret. */
export function toCursor(order: TotalOrder, position: readonly SqlText[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify([order.signature, ...position]))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** @throws BadRequestError for a text that is no cursor, or one of another order */
export function fromCursor(order: TotalOrder, cursor: string): SqlText[] {
  const [signature, ...position] = parse(cursor)
  const fits = signature === order.signature && position.length === order.parts.length
  if (fits && position.every((value) => value === null || typeof value === 'string')) return position
  throw new BadRequestError('the page cursor is damaged, or belongs to another order', {
    hint: 'Pass `next` of the page before, with the same sort.',
  })
}

function parse(cursor: string): unknown[] {
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))
    const text = new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
