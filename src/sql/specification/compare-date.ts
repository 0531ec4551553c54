import { sql } from 'drizzle-orm'
import { formatInstant } from '../text-format/instant.ts'
import { operators } from './compare-text.ts'
import type { Comparer, OrderKind } from './comparer.ts'

const day = 86_400_000

/** What PostgreSQL can distinguish: from its first day to the last of JavaScript. */
const first = Date.UTC(-4713, 10, 24)
const last = 8.64e15

/** Columns of instants. The database keeps microseconds, of which a `Date` has the milliseconds, rounded down. */
export const timestampComparer: Comparer = instants(1, (time) => formatInstant(new Date(time)))

/** Columns of days, each of which is its first moment in UTC as a `Date`. */
export const dateComparer: Comparer = instants(day, (time) => formatInstant(new Date(time), false))

/**
 * @param unit Milliseconds that a `Date` of the column is a multiple of
 * @param toText A moment as the column's type is written
 */
function instants(unit: number, toText: (time: number) => string): Comparer {
  return {
    equals(operand, value) {
      if (!(value instanceof Date) || value.getTime() % unit !== 0) return undefined
      const time = value.getTime()
      if (time < first || time + unit > last) return undefined
      return sql`(${operand} >= ${toText(time)} and ${operand} < ${toText(time + unit)})`
    },
    order(operand, kind, bound) {
      if (!(bound instanceof Date)) return undefined
      const { from, operator } = edge(kind, bound.getTime(), unit)
      // What is infinite, or beyond JavaScript, is an invalid date, which is in no order.
      const valid = sql`${operand} >= ${toText(first)} and ${operand} < ${toText(last)}`
      if (from < first) return operator === 'gte' ? sql`(${valid})` : undefined
      if (from >= last) return operator === 'gte' ? undefined : sql`(${valid})`
      return sql`(${operand} ${operators[operator]} ${toText(from)} and ${valid})`
    },
  }
}

/** Between which units the bound parts the values: those from there on, or those before. */
function edge(kind: OrderKind, time: number, unit: number): { from: number; operator: 'gte' | 'lt' } {
  const floor = Math.floor(time / unit) * unit
  const isExclusive = kind === 'gt' || kind === 'lte'
  const from = isExclusive || floor !== time ? floor + unit : floor
  return { from, operator: kind === 'gt' || kind === 'gte' ? 'gte' : 'lt' }
}
