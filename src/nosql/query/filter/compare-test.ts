/** `$eq $gt $gte $lt $lte` */

import { compareStrings, compareValues, equalValues } from '../compare.ts'
import type { ComparisonOperator } from '../filter-node.ts'
import { typeClass, type Value } from '../value.ts'
import type { TestValue } from './compile-test.ts'

/** Comparison within one class of values; null and missing are one class, in which `gte` and `lte` mean equality. */
export function compareTest(operator: ComparisonOperator, operand: Value): TestValue {
  return operator === 'eq' ? equalityTest(operand) : rangeTest(operator, operand)
}

function equalityTest(operand: Value): TestValue {
  if (operand === null) return (value) => value === null || value === undefined
  if (typeof operand === 'string' || typeof operand === 'boolean') return (value) => value === operand
  if (typeof operand === 'number') {
    return (value) => value === operand || (typeof value === 'bigint' && equalValues(value, operand))
  }
  return (value) => equalValues(value, operand)
}

function rangeTest(operator: Exclude<ComparisonOperator, 'eq'>, operand: Value): TestValue {
  if (operand === null) {
    return operator === 'gte' || operator === 'lte' ? (value) => value === null || value === undefined : () => false
  }
  if (typeof operand === 'number' || typeof operand === 'bigint') return numberRange(operator, operand)
  const holds = orders[operator]
  if (typeof operand === 'string') return (value) => typeof value === 'string' && holds(compareStrings(value, operand))
  if (operand instanceof Date) {
    const time = operand.getTime()
    return (value) => value instanceof Date && holds(value.getTime() - time)
  }
  const wanted = typeClass(operand)
  return (value) => value !== undefined && typeClass(value) === wanted && holds(compareValues(value, operand))
}

const orders: Readonly<Record<Exclude<ComparisonOperator, 'eq'>, (order: number) => boolean>> = {
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
}

function numberRange(operator: Exclude<ComparisonOperator, 'eq'>, operand: number | bigint): TestValue {
  switch (operator) {
    case 'gt':
      return (value) => (typeof value === 'number' || typeof value === 'bigint') && value > operand
    case 'gte':
      return (value) => (typeof value === 'number' || typeof value === 'bigint') && value >= operand
    case 'lt':
      return (value) => (typeof value === 'number' || typeof value === 'bigint') && value < operand
    case 'lte':
    default:
      return (value) => (typeof value === 'number' || typeof value === 'bigint') && value <= operand
  }
}
