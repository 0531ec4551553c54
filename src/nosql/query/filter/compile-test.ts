/** Tests of one value that a filter's path has reached; `undefined` is a missing value. */

import type { FieldTest, FilterNode } from '../filter-node.ts'
import type { Meter } from '../meter.ts'
import { isObject } from '../path.ts'
import type { Pattern } from '../regex/pattern.ts'
import { type Document, isArray, typeName } from '../value.ts'
import { bitsTest } from './bits-test.ts'
import { compareTest } from './compare-test.ts'
import { inTest } from './in-test.ts'
import type { TestValue } from './test-value.ts'

/** What compiles the filters of `$elemMatch`, and pays for what is tested. */
export interface TestCompiler {
  readonly filter: (node: FilterNode) => (document: Document) => boolean
  readonly elementFilter: (node: FilterNode) => TestValue
  /** How many single questions a filter asks of a document. */
  readonly countConditions: (node: FilterNode) => number
  readonly meter: Meter | undefined
}

/** Compiles a field's test. */
export function compileTest(test: FieldTest, compiler: TestCompiler): TestValue {
  const { meter } = compiler
  switch (test.kind) {
    case 'compare':
      return compareTest(test.operator, test.value, meter)
    case 'in':
      return inTest(test.values, test.patterns, meter)
    case 'exists':
      return (value) => value !== undefined
    case 'type': {
      const types = new Set(test.types)
      return (value) => value !== undefined && types.has(typeName(value))
    }
    case 'regex':
      return regexTest(test.pattern, meter)
    case 'mod':
      return modTest(test.divisor, test.remainder)
    case 'bits':
      return bitsTest(test, meter)
    case 'size': {
      const { size } = test
      return (value) => isArray(value) && value.length === size
    }
    case 'elemMatchObject':
    case 'elemMatchValue':
    default: {
      const pay = charge(test.filter, compiler)
      const matches =
        test.kind === 'elemMatchObject'
          ? objectTest(compiler.filter(test.filter), pay)
          : compiler.elementFilter(test.filter)
      return (value) => {
        if (!isArray(value)) return false
        pay(value.length)
        return value.some(matches)
      }
    }
  }
}

function regexTest(pattern: Pattern, meter: Meter | undefined): TestValue {
  return (value) => typeof value === 'string' && pattern.test(value, meter)
}

/** Pays for testing a filter on a number of elements. */
function charge(filter: FilterNode, { countConditions, meter }: TestCompiler): (elements: number) => void {
  const steps = 2 + countConditions(filter)
  return (elements) => meter?.work(elements * steps)
}

/** An element that is an array counts as an object whose keys are its indices. */
function objectTest(matches: (document: Document) => boolean, pay: (elements: number) => void): TestValue {
  return (element) => {
    if (!isArray(element)) return isObject(element) && matches(element)
    pay(element.length)
    return matches(Object.fromEntries(element.entries()))
  }
}

const int64Limit = 2 ** 63

/** `$mod`: the dividend loses its fraction; what does not fit in 64 bits never matches. The remainder has the dividend's sign. */
function modTest(divisor: bigint, remainder: bigint): TestValue {
  const small = Number.isSafeInteger(Number(divisor)) && Number.isSafeInteger(Number(remainder))
  const numberDivisor = Number(divisor)
  const numberRemainder = Number(remainder)
  return (value) => {
    if (typeof value === 'bigint') return value % divisor === remainder
    if (typeof value !== 'number') return false
    const dividend = Math.trunc(value)
    if (!(dividend >= -int64Limit && dividend < int64Limit)) return false
    if (small && Number.isSafeInteger(dividend)) return dividend % numberDivisor === numberRemainder
    return BigInt(dividend) % divisor === remainder
  }
}
