/** `$eq $ne $gt $gte $lt $lte $in $nin` */

import type { ComparisonOperator, FilterNode } from '../filter-node.ts'
import { badValue, inside } from '../refusal.ts'
import { type Pattern, patternOf } from '../regex/pattern.ts'
import type { Value } from '../value.ts'
import { comparedValue, equalValue, type FieldScope, field, type ParseOperator, startsWithOperator } from './scope.ts'

const compare =
  (operator: ComparisonOperator, read = equalValue): ParseOperator =>
  (operand, scope) =>
    field(scope, { kind: 'compare', operator, value: read(operand, scope) })

const equals = compare('eq', comparedValue)

export const comparisonOperators: Readonly<Record<string, ParseOperator>> = {
  $eq: equals,
  $ne: (operand, scope, siblings) => ({ kind: 'not', node: compare('eq')(operand, scope, siblings) }),
  $gt: compare('gt'),
  $gte: compare('gte'),
  $lt: compare('lt'),
  $lte: compare('lte'),
  $in: parseIn,
  $nin: (operand, scope) => ({ kind: 'not', node: parseIn(operand, scope) }),
}

function parseIn(operand: unknown, scope: FieldScope): FilterNode {
  if (!Array.isArray(operand)) throw badValue('$in and $nin must be an array', scope.at)
  const values: Value[] = []
  const patterns: Pattern[] = []
  for (const [index, element] of operand.entries()) {
    const at = inside(scope.at, index)
    if (element instanceof RegExp) patterns.push(patternOf(element, undefined, { at, meter: scope.meter }))
    else if (startsWithOperator(element)) throw badValue('operators cannot be used in the array of $in or $nin', at)
    else values.push(equalValue(element, { at, vendorValues: scope.vendorValues }))
  }
  return field(scope, { kind: 'in', values, patterns })
}
