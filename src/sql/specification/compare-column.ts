import { sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { SpecificationNode, SpecificationValue } from '../../core/specification/specification.ts'
import { drizzle, kindOf } from '../drizzle/drizzle.ts'
import { arrayComparer } from './compare-array.ts'
import { dateComparer, timestampComparer } from './compare-date.ts'
import { compareAny, compareEqual } from './compare-equal.ts'
import { jsonbComparer, jsonComparer } from './compare-json.ts'
import { numberComparer } from './compare-number.ts'
import { opaqueComparer } from './compare-opaque.ts'
import { textComparer } from './compare-text.ts'
import type { Comparer } from './comparer.ts'
import { isStorableText } from './text-place.ts'

/** A comparison; `ne` is written as a negated `eq`. */
export type Comparison =
  | Exclude<SpecificationNode, { readonly kind: 'and' | 'or' | 'not' | 'eq' | 'ne' }>
  | { readonly kind: 'eq'; readonly field: string; readonly value: SpecificationValue }

/** A comparison as a condition, which is unknown or false where the column is NULL and the entity does not satisfy it. */
export function compareColumn(node: Comparison, column: PgColumn): SQL {
  const operand = sql`${column}`
  const own = compare(node, comparerOf(column), operand)
  if (node.kind === 'exists') return own
  const elements = elementsOf(column, operand)
  if (elements === undefined) return own
  // As for documents, an array is compared as itself, and by its elements.
  const ofElement = compare(node, elements.comparer, elements.element)
  return sql`(${own} or exists (select 1 from ${elements.from} where ${ofElement}))`
}

function compare(node: Comparison, comparer: Comparer, operand: SQL): SQL {
  const never = sql.raw('false')
  switch (node.kind) {
    case 'eq':
      return compareEqual(comparer, operand, node.value) ?? never
    case 'in':
      return compareAny(comparer, operand, node.values)
    case 'exists': {
      const isNull = comparer.isNull?.(operand) ?? sql`${operand} is null`
      return node.value ? sql`(${isNull}) is not true` : isNull
    }
    case 'contains':
    case 'startsWith':
      return comparePart(node, comparer, operand) ?? never
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return comparer.order?.(operand, node.kind, node.value) ?? never
  }
}

function comparePart(
  { kind, value }: { readonly kind: 'contains' | 'startsWith'; readonly value: string },
  comparer: Comparer,
  operand: SQL,
): SQL | undefined {
  const text = comparer.text?.(operand)
  if (text === undefined || !isStorableText(value)) return undefined
  if (kind === 'contains') return sql`strpos(${text}, ${value}) > 0`
  return sql`${text} like ${`${value.replace(/[\\%_]/g, '\\$&')}%`}`
}

interface Elements {
  readonly from: SQL
  readonly element: SQL
  readonly comparer: Comparer
}

function elementsOf(column: PgColumn, operand: SQL): Elements | undefined {
  const element = sql.raw('element')
  const elements = drizzle.elementsOf(column)
  if (elements !== undefined) {
    const { leaf, depth } = elements
    const comparer = comparerOf(leaf)
    if (depth === 1) return { from: sql`unnest(${operand}) as element`, element, comparer }
    const from = sql`generate_subscripts(${operand}, 1) as part`
    return { from, element: operand, comparer: arrayComparer(comparer, depth - 1, [sql.raw('[part]')]) }
  }
  if (column.columnType === 'PgJsonb') {
    const array = sql`case jsonb_typeof(${operand}) when 'array' then ${operand} else '[]' end`
    return { from: sql`jsonb_array_elements(${array}) as element`, element, comparer: jsonbComparer }
  }
  if (column.columnType !== 'PgJson') return undefined
  const array = sql`case json_typeof(${operand}) when 'array' then ${operand} else '[]' end`
  return { from: sql`json_array_elements(${array}) as element`, element, comparer: jsonComparer }
}

function comparerOf(column: PgColumn): Comparer {
  const elements = drizzle.elementsOf(column)
  if (elements !== undefined) return arrayComparer(comparerOf(elements.leaf), elements.depth)
  switch (column.columnType) {
    case 'PgJsonb':
      return jsonbComparer
    case 'PgJson':
      return jsonComparer
    case 'PgTimestamp':
      return timestampComparer
    case 'PgDate':
      return dateComparer
    case 'PgBoolean':
      return booleanComparer
  }
  switch (kindOf(column)) {
    case 'string':
      return textComparer(column)
    case 'number':
    case 'bigint':
      return numberComparer(column)
    default:
      return opaqueComparer(column)
  }
}

const booleanComparer: Comparer = {
  equality: (expression, value) =>
    typeof value === 'boolean' ? { expression, as: 'itself', parameter: String(value) } : undefined,
}
