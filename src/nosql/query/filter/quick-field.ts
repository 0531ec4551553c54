/** Comparisons of a top-level field with a scalar: by far the most frequent tests, without a call in between. */

import { equalValues } from '../compare.ts'
import type { FieldTest } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import { type Document, isArray, type Value } from '../value.ts'
import { isOfUnknownNumber } from '../vendor-order.ts'

type Predicate = (document: Document) => boolean
type Operator = Extract<FieldTest, { kind: 'compare' }>['operator']

/** The same as the general way, or undefined where there is no quick one. */
export function quickField(name: string, test: FieldTest, meter?: Meter): Predicate | undefined {
  if (test.kind !== 'compare' || name in Object.prototype) return undefined
  const { operator, value } = test
  if (typeof value === 'number') return numberTest(name, value, { operator, meter })
  if (operator === 'eq' && (typeof value === 'string' || typeof value === 'boolean'))
    return sameTest(name, value, meter)
  return undefined
}

function sameTest(name: string, operand: string | boolean, meter: Meter | undefined): Predicate {
  return (document) => {
    const value = document[name]
    return value === operand || (typeof value === 'object' && isArray(value) && includes(value, operand, meter))
  }
}

function includes(array: readonly Value[], operand: Value, meter: Meter | undefined): boolean {
  meter?.work(array.length / 4)
  return array.includes(operand)
}

interface NumberQuestion {
  readonly operator: Operator
  readonly meter: Meter | undefined
}

function numberTest(name: string, operand: number, { operator, meter }: NumberQuestion): Predicate {
  switch (operator) {
    case 'eq': {
      const rest = otherwise((value) => typeof value !== 'object' && equalValues(value, operand), meter)
      return (document) => {
        const value = document[name]
        return value === operand || (typeof value !== 'number' && rest(value))
      }
    }
    case 'gt': {
      const rest = otherwise((value) => isNumber(value) && value > operand, meter)
      return (document) => {
        const value = document[name]
        return typeof value === 'number' ? value > operand : rest(value)
      }
    }
    case 'gte': {
      const rest = otherwise((value) => isNumber(value) && value >= operand, meter)
      return (document) => {
        const value = document[name]
        return typeof value === 'number' ? value >= operand : rest(value)
      }
    }
    case 'lt': {
      const rest = otherwise((value) => isNumber(value) && value < operand, meter)
      return (document) => {
        const value = document[name]
        return typeof value === 'number' ? value < operand : rest(value)
      }
    }
    case 'lte':
    default: {
      const rest = otherwise((value) => isNumber(value) && value <= operand, meter)
      return (document) => {
        const value = document[name]
        return typeof value === 'number' ? value <= operand : rest(value)
      }
    }
  }
}

function isNumber(value: Value | undefined): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** What is left: bigints, and the elements of an array. */
function otherwise(
  test: (value: Value | undefined) => boolean,
  meter: Meter | undefined,
): (value: Value | undefined) => boolean {
  return (value) => {
    if (typeof value !== 'object') return test(value)
    if (!isArray(value)) return value !== null && isOfUnknownNumber(value)
    meter?.work(value.length)
    return value.some((element) => (typeof element === 'object' ? isOfUnknownNumber(element) : test(element)))
  }
}
