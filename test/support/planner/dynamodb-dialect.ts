import type { Dialect, Translation } from '../../../src/nosql/plan/dialect.ts'
import type { PathFacts } from '../../../src/nosql/plan/facts.ts'
import type { FieldNode, FieldTest } from '../../../src/nosql/query/filter-node.ts'
import { arrayIndex, type PathParts } from '../../../src/nosql/query/path.ts'
import { type Document, isArray, type Value } from '../../../src/nosql/query/value.ts'
import { nativeOrder, sameNative, valueAt } from './native-values.ts'

type Native = (document: Document) => boolean

/** Texts, numbers and dates compare as they do here; bytes, booleans, lists and maps do not. */
const isOrdered = (value: Value): boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || value instanceof Date
const isExact = (value: Value): boolean => isOrdered(value) || typeof value === 'boolean' || value instanceof Uint8Array

export const dynamodbDialect: Dialect<Native> = {
  limits: { inValues: 3, conditions: 6, valueBytes: 11 },
  test(node, facts) {
    const native = translate(node.parts, node.test)
    if (native === undefined || node.parts.some((part) => arrayIndex(part) !== undefined)) return undefined
    const exactness = isExactTest(node.test) ? 'exact' : 'superset'
    if (facts.scalar) return { native, exactness }
    // What a list holds, at the path or on the way, is re-checked.
    return { native: (document) => native(document) || meetsList(document, node.parts), exactness: 'superset' }
  },
  negated(node, facts) {
    const native = translate(node.parts, node.test)
    if (native === undefined || node.parts.some((part) => arrayIndex(part) !== undefined)) return undefined
    return notOf(node, native, facts)
  },
  and: (parts) => (document) => parts.every((part) => part(document)),
  or: (parts) => (document) => parts.some((part) => part(document)),
  not: (part) => (document) => !part(document),
}

/** That a value does not equal holds for at most the documents whose own value does not. */
function notOf({ test, parts }: FieldNode, native: Native, { scalar }: PathFacts): Translation<Native> | undefined {
  if (!isExactTest(test)) return undefined
  if (scalar) return { native: (document) => !native(document), exactness: 'exact' }
  return { native: (document) => !native(document) || meetsList(document, parts), exactness: 'superset' }
}

function translate(parts: PathParts, test: FieldTest): Native | undefined {
  switch (test.kind) {
    case 'compare': {
      const { operator, value } = test
      if (operator === 'eq') return equality(parts, value)
      if (!isOrdered(value)) return undefined
      return (document) => {
        const order = nativeOrder(valueAt(document, parts), value)
        if (order === undefined) return false
        return order === 0 ? operator.endsWith('e') : order > 0 === operator.startsWith('g')
      }
    }
    case 'in': {
      if (test.patterns.length > 0) return undefined
      const each = test.values.map((value) => equality(parts, value))
      return (document) => each.some((holds) => holds(document))
    }
    case 'exists':
      return (document) => valueAt(document, parts) !== undefined
    case 'regex': {
      const { prefix = '' } = test.pattern
      if (prefix === '') return undefined
      return (document) => String(valueAt(document, parts)).startsWith(prefix)
    }
    default:
      return undefined
  }
}

function equality(parts: PathParts, value: Value): Native {
  if (value === null) return (document) => (valueAt(document, parts) ?? null) === null
  return (document) => sameNative(valueAt(document, parts), value)
}

function isExactTest(test: FieldTest): boolean {
  if (test.kind === 'regex') return false
  if (test.kind === 'compare') return test.value === null || isExact(test.value)
  return test.kind !== 'in' || test.values.every((value) => value === null || isExact(value))
}

function meetsList(document: Document, parts: PathParts): boolean {
  return parts.some((_, at) => isArray(valueAt(document, parts.slice(0, at + 1))))
}
