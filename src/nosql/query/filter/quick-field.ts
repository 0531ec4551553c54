/** Comparisons of a top-level field with a scalar: by far the most frequent tests, without a call in between. */

import { equalValues } from '../compare.ts'
import type { FieldTest } from '../filter-node.ts'
import { type Document, isArray, type Value } from '../value.ts'

type Predicate = (document: Document) => boolean
type Operator = Extract<FieldTest, { kind: 'compare' }>['operator']

/** The same as the general way, or undefined where there is no quick one. */
export function quickField(name: string, test: FieldTest): Predicate | undefined {
  if (test.kind !== 'compare' || name in Object.prototype) return undefined
  const { operator, value } = test
  if (typeof value === 'number') return numberTest(name, operator, value)
  if (operator === 'eq' && (typeof value === 'string' || typeof value === 'boolean')) return sameTest(name, value)
  return undefined
}

function sameTest(name: string, operand: string | boolean): Predicate {
  return (document) => {
    const value = document[name]
    return value === operand || (typeof value === 'object' && isArray(value) && value.includes(operand))
  }
}

function numberTest(name: string, operator: Operator, operand: number): Predicate {
  switch (operator) {
    case 'eq': {
      const rest = otherwise((value) => typeof value !== 'object' && equalValues(value, operand))
      return (document) => {
        const value = document[name]
        return value === operand || (typeof value !== 'number' && rest(value))
      }
    }
    case 'gt': {
      const rest = otherwise((value) => isNumber(value) && value > operand)
      return (document) => {
        const value = document[name]
        return typeof value === 'number' ? value > operand : rest(value)
      }
    }
    case 'gte': {
      const rest = otherwise((value) => isNumber(value) && value >= operand)
      return (document) => {
        const value = document[name]
        return typeof value === 'number' ? value >= operand : rest(value)
      }
    }
    case 'lt': {
      const rest = otherwise((value) => isNumber(value) && value < operand)
      return (document) => {
        const value = document[name]
        return typeof value === 'number' ? value < operand : rest(value)
      }
    }
    case 'lte':
    default: {
      const rest = otherwise((value) => isNumber(value) && value <= operand)
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
function otherwise(test: (value: Value | undefined) => boolean): (value: Value | undefined) => boolean {
  return (value) => (typeof value === 'object' ? isArray(value) && value.some(test) : test(value))
}
