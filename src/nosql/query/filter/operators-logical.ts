/** Operators in the place of a field: `$and $or $nor $expr $sampleRate $comment $alwaysTrue $alwaysFalse` */

import type { FilterNode } from '../filter-node.ts'
import { badValue, failedToParse, notPortable } from '../refusal.ts'
import { parseExpression } from './parse-expression.ts'
import { all, enter, type FilterScope, placeOf } from './scope.ts'

/** Undefined for an operator that asks nothing. */
type ParseLogical = (operand: unknown, scope: FilterScope) => FilterNode | undefined

const constant =
  (operator: string, value: boolean): ParseLogical =>
  (operand, scope) => {
    if (operand !== 1) throw failedToParse(`${operator} must be the number 1`, placeOf(scope))
    return { kind: 'constant', value }
  }

export const logicalOperators: ReadonlyMap<string, ParseLogical> = new Map(
  Object.entries<ParseLogical>({
    $and: (operand, scope) => all(parseList(operand, scope)),
    $or: (operand, scope) => ({ kind: 'or', nodes: parseList(operand, scope) }),
    $nor: (operand, scope) => ({ kind: 'nor', nodes: parseList(operand, scope) }),
    $expr: parseExpression,
    $comment: () => undefined,
    $sampleRate: parseSampleRate,
    $alwaysTrue: constant('$alwaysTrue', true),
    $alwaysFalse: constant('$alwaysFalse', false),
  }),
)

function parseSampleRate(rate: unknown, scope: FilterScope): FilterNode {
  const { random } = scope
  if (scope.nested || typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) {
    throw badValue('$sampleRate must be a number from 0 to 1, at the top level', placeOf(scope))
  }
  if (rate === 0 || rate === 1) return { kind: 'constant', value: rate === 1 }
  if (random === undefined) throw notPortable('$sampleRate')
  return { kind: 'expression', source: { $sampleRate: rate }, holds: () => random() < rate }
}

function parseList(operand: unknown, scope: FilterScope): FilterNode[] {
  if (!Array.isArray(operand) || operand.length === 0)
    throw badValue('the operand must be a non-empty array of filters', placeOf(scope))
  return Array.from(operand, (element, index) => scope.parsers.filter(element, enter(scope, index))) // holes count, too
}
