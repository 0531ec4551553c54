import { boundsOf } from '../../plan/bounds.ts'
import type { Dialect, Translation } from '../../plan/dialect.ts'
import type { PathFacts } from '../../plan/facts.ts'
import type { Interval } from '../../plan/intervals.ts'
import type { FieldNode } from '../../query/filter-node.ts'
import { isArray, isDocument, type Value } from '../../query/value.ts'
import type { Condition, ExpressionBuilder } from './reading/expression.ts'
import { dateKey, encodeValue } from './codec/value-codec.ts'

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const limits = { inValues: 100, conditions: 100, valueBytes: 2048 }

/** How DynamoDB says what a filter asks, in the words of its filter expressions. */
export const dynamoDialect: Dialect<Condition> = {
  limits,
  test(node, facts) {
    if (node.path === '_id') return undefined
    if (facts.scalar) return testOfScalar(node, facts)
    // A dotted path may lead through a list, into which DynamoDB does not look.
    return node.parts.length > 1 ? undefined : testOfAny(node)
  },
  and: (parts) => joined(parts, 'AND'),
  or: (parts) => joined(parts, 'OR'),
  not: (part) => (builder) => `(NOT ${part(builder)})`,
}

function joined(parts: readonly Condition[], word: 'AND' | 'OR'): Condition {
  return (builder) => `(${parts.map((part) => part(builder)).join(` ${word} `)})`
}

/** A declared field has one value at most: everything that is a set of values can be asked. */
function testOfScalar(node: FieldNode, facts: PathFacts): Translation<Condition> | undefined {
  const { parts, test } = node
  if (test.kind === 'exists')
    return { native: (builder) => `attribute_exists(${builder.path(parts)})`, exactness: 'exact' }
  const bounds = boundsOf(node, () => facts)
  if (bounds === undefined || bounds.intervals.length === 0) return undefined
  const conditions = bounds.intervals.map((interval) => intervalCondition(parts, interval))
  if (!conditions.every((condition) => condition !== undefined)) return undefined
  const all: Condition[] = bounds.missing
    ? [...conditions, (builder) => `attribute_not_exists(${builder.path(parts)})`]
    : conditions
  const [only, ...others] = all
  const native = only !== undefined && others.length === 0 ? only : joined(all, 'OR')
  return { native, exactness: bounds.exact ? 'exact' : 'superset', conditions: all.length }
}

/** A field of which nothing is known may hold the value, or a list with it. */
function testOfAny({ parts, test }: FieldNode): Translation<Condition> | undefined {
  if (test.kind === 'exists')
    return { native: (builder) => `attribute_exists(${builder.path(parts)})`, exactness: 'exact' }
  if (test.kind === 'size') {
    const N = String(test.size)
    return {
      native: (builder) => `(${isList(builder, parts)} AND size(${builder.path(parts)}) = ${builder.value({ N })})`,
      exactness: 'exact',
      conditions: 2,
    }
  }
  if (test.kind === 'compare' && test.operator === 'eq') return equalToAny(parts, [test.value])
  if (test.kind === 'in' && test.patterns.length === 0 && test.values.length > 0) return equalToAny(parts, test.values)
  return undefined
}

function equalToAny(parts: readonly string[], values: readonly Value[]): Translation<Condition> | undefined {
  // Lists and maps are compared without the order of keys, and a list with null has other ways to match.
  if (!values.every((value) => value === null || isPlain(value))) return undefined
  const tests = values.map((value): Condition => {
    const encoded = encodeValue(value)
    return (builder) => {
      const path = builder.path(parts)
      const operand = builder.value(encoded)
      const missing = value === null ? ` OR attribute_not_exists(${path})` : ''
      const list = isList(builder, parts)
      const inList = isContainable(value) ? `(${list} AND contains(${path}, ${operand}))` : list
      return `(${path} = ${operand} OR ${inList}${missing})`
    }
  })
  const [only, ...others] = tests
  const native = only !== undefined && others.length === 0 ? only : joined(tests, 'OR')
  const exactness = values.every(isContainable) ? 'exact' : 'superset'
  return { native, exactness, conditions: 3 * values.length }
}

/**
 * Whether `contains` finds the value in a list. Of null and booleans no documentation says so, and every list may match.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
function isContainable(value: Value): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
}

/** `contains` of a text is also a test of its parts. */
function isList(builder: ExpressionBuilder, parts: readonly string[]): string {
  return `attribute_type(${builder.path(parts)}, ${builder.value({ S: 'L' })})`
}

/** Values that DynamoDB has itself. */
function isPlain(value: Value): boolean {
  return !isArray(value) && !isDocument(value) && !(value instanceof Date) && !('M' in encodeValue(value))
}

function intervalCondition(parts: readonly string[], interval: Interval): Condition | undefined {
  const { lower, upper } = interval
  const sample = lower?.value ?? upper?.value
  if (sample === undefined || sample instanceof Uint8Array) return undefined
  const ends = [lower, upper].flatMap((end) => end?.value ?? [])
  if (ends.some((end) => isArray(end) || isDocument(end))) return undefined
  if (sample === null) return (builder) => `${builder.path(parts)} = ${builder.value({ NULL: true })}`
  if (typeof sample === 'boolean') return booleanCondition(parts, interval)
  // Numbers that DynamoDB does not have are stored otherwise, and compare with nothing.
  if (ends.some((end) => typeof end === 'number' && 'M' in encodeValue(end))) return undefined
  const isDate = sample instanceof Date
  const path = isDate ? [...parts, dateKey] : parts
  const operand = (value: Value) => (value instanceof Date ? { N: String(value.getTime()) } : encodeValue(value))
  return (builder) => {
    const tests: string[] = []
    if (lower !== undefined && upper !== undefined && lower.value === upper.value) {
      tests.push(`${builder.path(path)} = ${builder.value(operand(lower.value))}`)
    } else {
      if (lower !== undefined)
        tests.push(`${builder.path(path)} ${lower.inclusive ? '>=' : '>'} ${builder.value(operand(lower.value))}`)
      if (upper !== undefined)
        tests.push(`${builder.path(path)} ${upper.inclusive ? '<=' : '<'} ${builder.value(operand(upper.value))}`)
    }
    return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' AND ')})`
  }
}

/** DynamoDB compares booleans by equality only. */
function booleanCondition(parts: readonly string[], { lower, upper }: Interval): Condition {
  const holds = (value: boolean): boolean => {
    const above =
      lower === undefined || Number(value) > Number(lower.value) || (lower.inclusive && value === lower.value)
    const below =
      upper === undefined || Number(value) < Number(upper.value) || (upper.inclusive && value === upper.value)
    return above && below
  }
  const values = [false, true].filter(holds)
  return (builder) => {
    const path = builder.path(parts)
    if (values.length === 0) return `(attribute_exists(${path}) AND attribute_not_exists(${path}))`
    return `${path} IN (${values.map((BOOL) => builder.value({ BOOL })).join(', ')})`
  }
}
