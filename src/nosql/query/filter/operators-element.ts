/** `$exists $type $mod $regex $options $not` */

import type { FilterNode } from '../filter-node.ts'
import { isInt64 } from '../checked-copy.ts'
import { filterLiteral } from '../literal.ts'
import { badValue, inside } from '../refusal.ts'
import { patternOf } from '../regex/pattern.ts'
import { deeper, type FieldScope, field, type ParseOperator, placeOf, patternPlace } from './scope.ts'
import { parseTypes } from './type-aliases.ts'

export const elementOperators: Readonly<Record<string, ParseOperator>> = {
  $exists: (operand, scope) => {
    // Any value has a truth, but must be one that every backend could be sent.
    if (operand !== undefined && typeof operand !== 'number') filterLiteral(operand, placeOf(scope))
    const exists = field(scope, { kind: 'exists' })
    return isTruthy(operand) ? exists : { kind: 'not', node: exists }
  },
  $type: (operand, scope) => field(scope, { kind: 'type', types: parseTypes(operand, placeOf(scope)) }),
  $mod: parseMod,
  $regex: (operand, scope, siblings) => {
    const options: unknown = Object.hasOwn(siblings, '$options') ? Reflect.get(siblings, '$options') : undefined
    return field(scope, { kind: 'regex', pattern: patternOf(operand, options, patternPlace(scope)) })
  },
  $options: (_operand, scope, siblings) => {
    if (!Object.hasOwn(siblings, '$regex')) throw badValue('$options must come with a $regex', placeOf(scope))
    return { kind: 'and', nodes: [] }
  },
  $not: parseNot,
}

/** MongoDB's truth: all but false, zero, null and undefined. */
export function isTruthy(value: unknown): boolean {
  return value !== false && value !== null && value !== undefined && value !== 0 && value !== 0n
}

function parseNot(operand: unknown, scope: FieldScope): FilterNode {
  if (operand instanceof RegExp) {
    return {
      kind: 'not',
      node: field(scope, { kind: 'regex', pattern: patternOf(operand, undefined, patternPlace(scope)) }),
    }
  }
  if (typeof operand !== 'object' || operand === null || Array.isArray(operand)) {
    throw badValue('$not must be an object of operators or a regular expression', placeOf(scope))
  }
  if (Object.keys(operand).length === 0) throw badValue('$not must not be empty', placeOf(scope))
  return { kind: 'not', node: scope.parsers.operators(operand, deeper(scope)) }
}

function parseMod(operand: unknown, scope: FieldScope): FilterNode {
  if (!Array.isArray(operand) || operand.length !== 2)
    throw badValue('$mod must be [divisor, remainder]', placeOf(scope))
  const divisor = truncated(operand[0], inside(placeOf(scope), 0))
  if (divisor === 0n) throw badValue('the divisor of $mod must not be 0', inside(placeOf(scope), 0))
  return field(scope, { kind: 'mod', divisor, remainder: truncated(operand[1], inside(placeOf(scope), 1)) })
}

function truncated(value: unknown, at: string): bigint {
  if (typeof value === 'number' && Number.isFinite(value)) return int64(BigInt(Math.trunc(value)), at)
  if (typeof value === 'bigint') return int64(value, at)
  throw badValue('$mod must hold numbers', at)
}

function int64(value: bigint, at: string): bigint {
  if (!isInt64(value)) throw badValue('a number of $mod must fit in 64 bits', at)
  return value
}
