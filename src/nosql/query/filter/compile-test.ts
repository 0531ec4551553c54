/** Tests of one value that a filter's path has reached; `undefined` is a missing value. */

import type { FieldTest, FilterNode } from '../filter-node.ts'
import { isObject } from '../path.ts'
import type { Pattern } from '../regex/pattern.ts'
import { type Document, isArray, typeName, type Value } from '../value.ts'
import { bitsTest } from './bits-test.ts'
import { compareTest } from './compare-test.ts'
import { inTest } from './in-test.ts'
import { modTest } from './mod-test.ts'

export type TestValue = (value: Value | undefined) => boolean

/** Compiles a field's test; the two functions compile the filters of `$elemMatch`. */
export function compileTest(
  test: FieldTest,
  compileFilter: (node: FilterNode) => (document: Document) => boolean,
  compileElementFilter: (node: FilterNode) => TestValue,
): TestValue {
  switch (test.kind) {
    case 'compare':
      return compareTest(test.operator, test.value)
    case 'in':
      return inTest(test.values, test.patterns)
    case 'exists':
      return (value) => value !== undefined
    case 'type': {
      const types = new Set(test.types)
      return (value) => value !== undefined && types.has(typeName(value))
    }
    case 'regex':
      return regexTest(test.pattern)
    case 'mod':
      return modTest(test.divisor, test.remainder)
    case 'bits':
      return bitsTest(test.mode, test.positions)
    case 'size': {
      const { size } = test
      return (value) => isArray(value) && value.length === size
    }
    case 'elemMatchObject':
      return elementsTest(compileFilter(test.filter))
    case 'elemMatchValue':
    default: {
      const matches = compileElementFilter(test.filter)
      return (value) => isArray(value) && value.some(matches)
    }
  }
}

function regexTest(pattern: Pattern): TestValue {
  return (value) => typeof value === 'string' && pattern.test(value)
}

/** An element that is an array counts as an object whose keys are its indices. */
function elementsTest(matches: (document: Document) => boolean): TestValue {
  return (value) => {
    if (!isArray(value)) return false
    for (const element of value) {
      if (isArray(element)) {
        if (matches(Object.fromEntries(element.entries()))) return true
      } else if (isObject(element) && matches(element)) return true
    }
    return false
  }
}
