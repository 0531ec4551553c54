/** `$all $elemMatch $size` */

import type { FilterNode } from '../filter-node.ts'
import { badValue, failedToParse } from '../refusal.ts'
import { patternOf } from '../regex/pattern.ts'
import {
  all,
  equalValue,
  deeper,
  enter,
  type FieldScope,
  field,
  type ParseOperator,
  startsWithOperator,
  placeOf,
  patternPlace,
} from './scope.ts'

export const arrayOperators: Readonly<Record<string, ParseOperator>> = {
  $all: parseAll,
  $elemMatch: parseElemMatch,
  $size: (operand, scope) => {
    const size = typeof operand === 'bigint' ? Number(operand) : operand
    if (typeof size !== 'number' || !Number.isInteger(size))
      throw failedToParse('$size must be a whole number', placeOf(scope))
    if (size < 0) throw badValue('$size must not be negative', placeOf(scope))
    return field(scope, { kind: 'size', size })
  },
}

function parseAll(operand: unknown, scope: FieldScope): FilterNode {
  if (!Array.isArray(operand)) throw badValue('$all must be an array', placeOf(scope))
  if (operand.length === 0) return { kind: 'constant', value: false }
  const asksElements = isElemMatch(operand[0])
  return all(
    operand.map((element, index) => {
      const inner = enter(scope, index)
      if (asksElements !== isElemMatch(element))
        throw badValue('the elements of $all must all be $elemMatch, or none of them', placeOf(inner))
      return asksElements ? scope.parsers.operators(element, inner) : parseAllElement(element, inner)
    }),
  )
}

function parseAllElement(element: unknown, scope: FieldScope): FilterNode {
  if (element instanceof RegExp) {
    return field(scope, { kind: 'regex', pattern: patternOf(element, undefined, patternPlace(scope)) })
  }
  if (startsWithOperator(element))
    throw badValue('operators other than $elemMatch cannot be used in $all', placeOf(scope))
  return field(scope, { kind: 'compare', operator: 'eq', value: equalValue(element, scope) })
}

function isElemMatch(value: unknown): value is object {
  return startsWithOperator(value) && Object.keys(value)[0] === '$elemMatch'
}

const documentOperators = new Set(['$and', '$or', '$nor', '$where', '$expr', '$sampleRate'])

function parseElemMatch(operand: unknown, scope: FieldScope): FilterNode {
  if (typeof operand !== 'object' || operand === null || Array.isArray(operand) || operand instanceof Date) {
    throw badValue('$elemMatch must be an object', placeOf(scope))
  }
  const first = Object.keys(operand)[0]
  const element = { ...deeper(scope), path: '', parts: [], nested: true }
  if (first?.startsWith('$') === true && !documentOperators.has(first)) {
    return field(scope, { kind: 'elemMatchValue', filter: scope.parsers.operators(operand, element) })
  }
  return field(scope, { kind: 'elemMatchObject', filter: scope.parsers.filter(operand, element) })
}
