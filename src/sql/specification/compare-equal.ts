import { sql, type SQL } from 'drizzle-orm'
import type { SpecificationValue } from '../../core/specification/specification.ts'
import { formatArrayLiteral } from '../text-format/array-literal.ts'
import type { Comparer, Equality } from './comparer.ts'

/** Equality with one value, undefined where no value of the column equals it. */
export function compareEqual(comparer: Comparer, operand: SQL, value: SpecificationValue): SQL | undefined {
  if (value === null) return comparer.isNull?.(operand) ?? sql`${operand} is null`
  const equality = comparer.equality?.(operand, value)
  if (equality === undefined) return comparer.equals?.(operand, value)
  return sql`${equality.expression} = ${equality.parameter}`
}

/** Equality with any of the values. */
export function compareAny(comparer: Comparer, operand: SQL, values: readonly SpecificationValue[]): SQL {
  const gathered = new Map<Equality['as'], { readonly expression: SQL; readonly parameters: string[] }>()
  const conditions: SQL[] = []
  for (const value of values) {
    const equality = value === null ? undefined : comparer.equality?.(operand, value)
    const same = equality && gathered.get(equality.as)
    if (same !== undefined) same.parameters.push(equality?.parameter ?? '')
    else if (equality !== undefined) gathered.set(equality.as, { ...equality, parameters: [equality.parameter] })
    else conditions.push(compareEqual(comparer, operand, value) ?? sql.raw('false'))
  }
  for (const { expression, parameters } of gathered.values()) {
    conditions.push(sql`${expression} = any(${formatArrayLiteral(parameters)})`)
  }
  return conditions.length === 0 ? sql.raw('false') : sql`(${sql.join(conditions, sql.raw(' or '))})`
}
