import { is, sql, type SQL } from 'drizzle-orm'
import { PgArray, type PgColumn } from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import type { SpecificationNode } from '../../core/specification/specification.ts'

/** Columns by the field names that specifications use. */
export type Columns = Readonly<Record<string, PgColumn>>

/**
 * A specification as a condition. Specifications know true and false only, SQL also knows unknown: negations are
 * carried down to the comparisons, where each says what it means for NULL. Plain comparisons stay plain, so that
 * indexes serve them.
 *
 * @throws UsageError for a field that is no column; paths into JSON are not compiled
 */
export function specificationToSql(node: SpecificationNode, columns: Columns): SQL {
  return compile(node, { columns, negated: false })
}

interface Context {
  readonly columns: Columns
  readonly negated: boolean
}

type Leaf = Exclude<SpecificationNode, { readonly kind: 'and' | 'or' | 'not' }>

/** What remains of them once `ne` has become a negated `eq` and `exists` has been answered. */
type Comparison = Exclude<Leaf, { readonly kind: 'exists' }>

function compile(node: SpecificationNode, context: Context): SQL {
  const { negated } = context
  switch (node.kind) {
    case 'and':
    case 'or':
      return combine(
        node.operands.map((operand) => compile(operand, context)),
        (node.kind === 'and') !== negated,
      )
    case 'not':
      return compile(node.operand, { ...context, negated: !negated })
    case 'ne':
      return compile({ ...node, kind: 'eq' }, { ...context, negated: !negated })
    case 'eq':
    case 'in':
    case 'contains':
    case 'startsWith':
    case 'exists':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    default:
      return compare(node, columnFor(node.field, context.columns), negated)
  }
}

/** Of no operands, "all of them" holds always and "any of them" never. */
function combine(operands: readonly SQL[], every: boolean): SQL {
  if (operands.length === 0) return sql.raw(String(every))
  return sql`(${sql.join([...operands], sql.raw(every ? ' and ' : ' or '))})`
}

function columnFor(field: string, columns: Columns): PgColumn {
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined
  if (column !== undefined) return column
  throw new UsageError(`the table has no column for the field '${field}'`, {
    hint: `Use one of ${Object.keys(columns).join(', ')}. Paths into JSON columns need a condition in SQL.`,
  })
}

function compare(node: Leaf, column: PgColumn, negated: boolean): SQL {
  if (node.kind === 'exists') return sql`${column} is ${sql.raw(node.value !== negated ? 'not null' : 'null')}`
  const holds = is(column, PgArray) ? arrayComparison(node, column) : comparison(node, sql`${column}`, column)
  return negated ? sql`(${holds}) is not true` : holds
}

/** As for documents, an array is compared as itself, where that makes sense, and by its elements. */
function arrayComparison(node: Comparison, column: PgColumn & { readonly baseColumn: PgColumn }): SQL {
  const inner = comparison(node, sql.raw('element'), column.baseColumn)
  const element = sql`exists (select 1 from unnest(${column}) as element where ${inner})`
  if (node.kind !== 'eq' && node.kind !== 'in') return element
  return sql`(${comparison(node, sql`${column}`, column)} or ${element})`
}

/** True, false, or unknown where the operand is NULL. */
function comparison(node: Comparison, operand: SQL, column: PgColumn): SQL {
  const bound = (value: unknown): SQL => sql`${sql.param(value, column)}`
  switch (node.kind) {
    case 'eq':
    case 'ne':
      return isOf(node.value, column) ? equals(operand, node.value, bound) : sql.raw('false')
    case 'in':
      return combine(
        node.values.filter((value) => isOf(value, column)).map((value) => equals(operand, value, bound)),
        false,
      )
    case 'contains':
      return sql`strpos(${operand}, ${node.value}) > 0`
    case 'startsWith':
      return sql`${operand} like ${`${node.value.replace(/[\\%_]/g, '\\$&')}%`}`
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
    default:
      return sql`${inCodePointOrder(operand, column)} ${operators[node.kind]} ${bound(node.value)}`
  }
}

const operators = { gt: sql.raw('>'), gte: sql.raw('>='), lt: sql.raw('<'), lte: sql.raw('<=') }

function equals(operand: SQL, value: unknown, bound: (value: unknown) => SQL): SQL {
  return value === null ? sql`${operand} is null` : sql`${operand} = ${bound(value)}`
}

/** An array equals no single value, and a single value no array; the database would call that a malformed text. */
function isOf(value: unknown, column: PgColumn): boolean {
  return value === null || column.dataType === 'json' || Array.isArray(value) === is(column, PgArray)
}

/** Specifications order text by code point; a database by the language it was set up with. */
function inCodePointOrder(operand: SQL, column: PgColumn): SQL {
  return /^Pg(Text|Varchar|Char)$/.test(column.columnType) ? sql`${operand} collate "C"` : operand
}
