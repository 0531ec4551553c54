/** `$eq $gt $gte $lt $lte` */

import { compareText } from '../../../core/compare-text.ts'
import { compareValues, equalValues } from '../compare.ts'
import type { ComparisonOperator } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import { typeClass, type Value } from '../value.ts'
import { isOfUnknownNumber } from '../vendor-order.ts'
import type { TestValue } from './test-value.ts'

/** Comparison within one class of values; null and missing are one class, in which `gte` and `lte` mean equality. */
export function compareTest(operator: ComparisonOperator, operand: Value, meter?: Meter): TestValue {
  return operator === 'eq' ? equalityTest(operand, meter) : rangeTest(operator, operand, meter)
}

function equalityTest(operand: Value, meter: Meter | undefined): TestValue {
  if (operand === null) return (value) => value === null || value === undefined
  if (typeof operand === 'string' || typeof operand === 'boolean') return (value) => value === operand
  if (typeof operand === 'number') {
    return (value) =>
      value === operand ||
      (typeof value === 'bigint' && equalValues(value, operand)) ||
      (typeof value === 'object' && isOfUnknownNumber(value))
  }
  return (value) => equalValues(value, operand, meter)
}

function rangeTest(operator: Exclude<ComparisonOperator, 'eq'>, operand: Value, meter: Meter | undefined): TestValue {
  if (operand === null) {
    return operator === 'gte' || operator === 'lte' ? (value) => value === null || value === undefined : () => false
  }
  if (typeof operand === 'number' || typeof operand === 'bigint') {
    const test = numberRange(operator, operand)
    return (value) => (typeof value === 'object' ? isOfUnknownNumber(value) : test(value))
  }
  const holds = orders[operator]
  if (typeof operand === 'string') return (value) => typeof value === 'string' && holds(compareText(value, operand))
  if (operand instanceof Date) {
    const time = operand.getTime()
    return (value) => value instanceof Date && holds(value.getTime() - time)
  }
  const wanted = typeClass(operand)
  return (value) => value !== undefined && typeClass(value) === wanted && holds(compareValues(value, operand, meter))
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
