import { sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Comparer, OrderKind } from './comparer.ts'
import { canonicalTexts, type CanonicalText } from './canonical-text.ts'
import { isStorableText, placeOfText } from './text-place.ts'

/** Columns whose values are text in JavaScript, whatever they are in the database. */
export function textComparer(column: PgColumn): Comparer {
  const canonical = canonicalTexts(column)
  const display = displayOf(column)
  return {
    equality(operand, value) {
      if (typeof value !== 'string' || !isStorableText(value)) return undefined
      if (isExact(column, canonical, value)) return { expression: operand, as: 'itself', parameter: value }
      // Values of this type are filled up to their length, and texts of any length would be texts of the other two.
      const isNever = isPlain(column) || column.columnType === 'PgChar'
      return isNever ? undefined : { expression: display(operand), as: 'text', parameter: value }
    },
    order(operand, kind, bound) {
      if (typeof bound !== 'string') return undefined
      const asText = orderText(display(operand), kind, bound)
      if (canonical?.fits(bound) !== true) return asText
      // An index on the column serves this; what it orders in another way than its text does is asked for apart.
      const native = sql`${operand} ${operators[kind]} ${bound}`
      if (canonical.domain === undefined) return native
      const inside = sql`${operand} between ${sql.raw(canonical.domain)}`
      return sql`((${native} and ${inside}) or (not ${inside} and ${asText}))`
    },
    text: display,
  }
}

export const operators: Readonly<Record<OrderKind, SQL>> = {
  gt: sql.raw('>'),
  gte: sql.raw('>='),
  lt: sql.raw('<'),
  lte: sql.raw('<='),
}

/** By code point, as specifications order text; a database orders by the language it was set up with. */
export function orderText(text: SQL, kind: OrderKind, bound: string): SQL {
  const ascending = kind === 'gt' || kind === 'gte'
  const place = placeOfText(bound)
  if (place === undefined) return ascending ? sql.raw('false') : sql`${text} is not null`
  const { at } = place
  if (at === 'it') return sql`${text} collate "C" ${operators[kind]} ${place.text}`
  const past = at === 'above' ? operators[ascending ? 'gt' : 'lte'] : operators[ascending ? 'gte' : 'lt']
  return sql`${text} collate "C" ${past} ${place.text}`
}

function isPlain({ columnType }: PgColumn): boolean {
  return columnType === 'PgText' || columnType === 'PgVarchar'
}

function isExact(column: PgColumn, canonical: CanonicalText | undefined, value: string): boolean {
  if (isPlain(column)) return true
  // The database ignores spaces at the end, and fills values up with them.
  if (column.columnType === 'PgChar') return Array.from(value).length === (lengthOf(column) ?? 1)
  if (canonical !== undefined) return canonical.fits(value)
  return column.columnType.startsWith('PgEnum') && column.enumValues?.includes(value) === true
}

function lengthOf(column: PgColumn): number | undefined {
  return 'length' in column && typeof column.length === 'number' ? column.length : undefined
}

/** The text that a client is sent, which the cast to text is not for every type: it cuts spaces and adds masks. */
function displayOf(column: PgColumn): (operand: SQL) => SQL {
  if (isPlain(column)) return (operand) => operand
  if (/^Pg(?:Char|Inet|Cidr)$/.test(column.columnType)) return (operand) => sql`(to_json(${operand}) #>> '{}')`
  return (operand) => sql`${operand}::text`
}
