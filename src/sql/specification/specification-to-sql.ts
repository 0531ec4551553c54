import { sql, type SQL } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { UsageError } from '../../core/errors.ts'
import type { SpecificationNode } from '../../core/specification/specification.ts'
import { compareColumn, type Comparison } from './compare-column.ts'
import { measure, type Measures } from './measure.ts'

/** Columns by the field names that specifications use. */
export type Columns = Readonly<Record<string, PgColumn>>

/** Parsers of the database recurse; what is deeper is written without parentheses. */
const deepestParentheses = 50

/**
 * A specification as a condition in parentheses, which holds for a row exactly when the entity that it becomes satisfies
 * it in memory. Specifications know true and false only, SQL also knows unknown: negations are carried down to the
 * comparisons, where each says what it means for NULL. Plain comparisons stay plain, so that indexes serve them.
 *
 * @throws UsageError for a field that is not a column (paths into JSON are not compiled), and for a specification of more
 * than 20,000 parts
 */
export function specificationToSql(node: SpecificationNode, columns: Columns): SQL {
  const parts: SQL[] = []
  write(node, false, { columns, measures: measure(node), parts })
  return sql`(${sql.join(parts)})`
}

interface Context {
  readonly columns: Columns
  readonly measures: Measures
  /** What was written so far, in one list: Drizzle recurses into what is nested. */
  readonly parts: SQL[]
}

function write(node: SpecificationNode, negated: boolean, context: Context): void {
  if (context.measures.depthOf(node) > deepestParentheses) writeDeep(node, negated, context)
  else writeNested(node, negated, context)
}

function writeNested(node: SpecificationNode, negated: boolean, context: Context): void {
  switch (node.kind) {
    case 'not':
      return write(node.operand, !negated, context)
    case 'and':
    case 'or':
      return writeAll(node.operands, negated, { every: (node.kind === 'and') !== negated, ...context })
    case 'ne':
      return writeComparison({ ...node, kind: 'eq' }, !negated, context)
    case 'eq':
      return writeComparison({ ...node, kind: 'eq' }, negated, context)
    default:
      return writeComparison(node, negated, context)
  }
}

/** Of no operands, "all of them" holds always and "any of them" never. */
function writeAll(
  operands: readonly SpecificationNode[],
  negated: boolean,
  { every, ...context }: Context & { readonly every: boolean },
): void {
  const { parts } = context
  if (operands.length === 0) return void parts.push(sql.raw(String(every)))
  operands.forEach((operand, i) => {
    parts.push(sql.raw(i === 0 ? '(' : every ? ' and ' : ' or '))
    write(operand, negated, context)
  })
  parts.push(sql.raw(')'))
}

/**
 * A way down the tree as one `case`: at "all of these" whatever else does not hold decides, at "any of these" whatever
 * else holds. The way follows the largest operand, so that the others are at most half as large.
 */
function writeDeep(root: SpecificationNode, rootNegated: boolean, context: Context): void {
  const { parts, measures } = context
  let node = root
  let negated = rootNegated
  parts.push(sql.raw('case'))
  while (measures.depthOf(node) > deepestParentheses) {
    if (node.kind === 'not') {
      node = node.operand
      negated = !negated
    } else if (node.kind === 'and' || node.kind === 'or') {
      const largest = measures.largestOf(node.operands)
      const others = node.operands.filter((operand) => operand !== largest)
      const every = (node.kind === 'and') !== negated
      if (others.length > 0) {
        parts.push(sql.raw(' when '))
        writeAll(others, negated, { every, ...context })
        parts.push(sql.raw(every ? ' is not true then false' : ' then true'))
      }
      node = largest
    }
  }
  parts.push(sql.raw(' else '))
  writeNested(node, negated, context)
  parts.push(sql.raw(' end'))
}

function writeComparison(node: Comparison, negated: boolean, { columns, parts }: Context): void {
  const holds = compareColumn(node, columnFor(node.field, columns))
  parts.push(negated ? sql`(${holds}) is not true` : holds)
}

function columnFor(field: string, columns: Columns): PgColumn {
  const column = Object.hasOwn(columns, field) ? columns[field] : undefined
  if (column !== undefined) return column
  throw new UsageError(`the field '${field}' cannot be used: the table has no column for it`, {
    hint: `Use one of ${Object.keys(columns).join(', ')}. Paths into JSON columns need a condition in SQL.`,
  })
}
