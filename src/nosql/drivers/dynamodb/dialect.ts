import { boundsOf } from '../../plan/bounds.ts'
import type { Dialect, Translation } from '../../plan/dialect.ts'
import type { PathFacts } from '../../plan/facts.ts'
import { pointOf, sideOf, type End, type Interval } from '../../plan/intervals.ts'
import type { FieldNode } from '../../query/filter-node.ts'
import { isArray, isDocument, type Value } from '../../query/value.ts'
import type { Condition, ExpressionBuilder } from './reading/expression.ts'
import { mostWeight, weightOf } from './reading/expression-size.ts'
import { dateKey, doubleKey, encodeValue } from './codec/value-codec.ts'

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const limits = { inValues: 100, conditions: mostWeight, valueBytes: 2048 }

/** How DynamoDB says what a filter asks, in the words of its filter expressions. */
export const dynamoDialect = dialectOf('any')

/**
 * The same for the condition of a write, which may hold for too few documents but not for others: where it fails, DynamoDB
 * sends the document, and it is tested here.
 */
export const conditionDialect = dialectOf('numbers only')

/** Whether a range of numbers also finds those that DynamoDB's numbers cannot be, whatever they are. */
type Doubles = 'any' | 'numbers only'

function dialectOf(doubles: Doubles): Dialect<Condition> {
  return {
    limits,
    test: (node, facts) => testOf(node, facts, doubles),
    negated(node, facts) {
      const part = testOf(node, facts, 'any')
      return part?.exactness === 'exact' ? { ...part, native: (builder) => `(NOT ${part.native(builder)})` } : undefined
    },
    and: (parts) => joined(parts, 'AND'),
    or: (parts) => joined(parts, 'OR'),
  }
}

function testOf(node: FieldNode, facts: PathFacts, doubles: Doubles): Translation<Condition> | undefined {
  if (node.path === '_id') return undefined
  // A dotted path may lead through a list, into which DynamoDB does not look.
  const part = facts.scalar ? testOfScalar(node, facts, doubles) : node.parts.length > 1 ? undefined : testOfAny(node)
  return part && { ...part, conditions: weightOf(part.native) }
}

function joined(parts: readonly Condition[], word: 'AND' | 'OR'): Condition {
  const [only, ...others] = parts
  if (only !== undefined && others.length === 0) return only
  return (builder) => `(${parts.map((part) => part(builder)).join(` ${word} `)})`
}

/** A declared field has one value at most: everything that is a set of values can be asked. */
function testOfScalar(node: FieldNode, facts: PathFacts, doubles: Doubles): Translation<Condition> | undefined {
  const { parts, test } = node
  if (test.kind === 'exists') return { native: exists(parts), exactness: 'exact' }
  const bounds = boundsOf(node, () => facts)
  if (bounds === undefined || bounds.intervals.length === 0) return undefined
  const conditions: readonly (Condition | undefined)[] = intervalConditions(parts, bounds.intervals)
  if (!conditions.every((condition) => condition !== undefined)) return undefined
  const mayBeOther = doubles === 'any' && bounds.intervals.some(isNumberRange)
  const all: readonly Condition[] = [
    ...conditions,
    ...(bounds.missing ? [exists(parts, 'attribute_not_exists')] : []),
    ...(mayBeOther ? [exists([...parts, doubleKey])] : []),
  ]
  return { native: joined(all, 'OR'), exactness: bounds.exact && !mayBeOther ? 'exact' : 'superset' }
}

function exists(parts: readonly string[], test = 'attribute_exists'): Condition {
  return (builder) => `${test}(${builder.path(parts)})`
}

function isNumberRange(interval: Interval): boolean {
  const end = (interval.lower ?? interval.upper)?.value
  return typeof end === 'number' || typeof end === 'bigint' ? pointOf(interval) === undefined : false
}

/** A field of which nothing is known may hold the value, or a list with it. */
function testOfAny({ parts, test }: FieldNode): Translation<Condition> | undefined {
  if (test.kind === 'exists') return { native: exists(parts), exactness: 'exact' }
  if (test.kind === 'size') {
    const N = String(test.size)
    return {
      native: (builder) => `(${isList(builder, parts)} AND size(${builder.path(parts)}) = ${builder.value({ N })})`,
      exactness: 'exact',
    }
  }
  if (test.kind === 'compare' && test.operator === 'eq') return equalToAny(parts, [test.value])
  if (test.kind === 'in' && test.patterns.length === 0 && test.values.length > 0) return equalToAny(parts, test.values)
  return undefined
}

function equalToAny(parts: readonly string[], values: readonly Value[]): Translation<Condition> | undefined {
  // Lists and maps are compared without the order of keys, and a list with null has other ways to match.
  if (!values.every((value) => value === null || isPlain(value))) return undefined
  const native: Condition = (builder) => {
    const path = builder.path(parts)
    const operands = values.map((value) => builder.value(encodeValue(value)))
    const missing = values.includes(null) ? ` OR attribute_not_exists(${path})` : ''
    const elements = operands.map((operand) => `contains(${path}, ${operand})`).join(' OR ')
    const inList = values.every(isContainable)
      ? `(${isNoText(builder, parts)} AND (${elements}))`
      : isList(builder, parts)
    return `(${oneOf(path, operands)} OR ${inList}${missing})`
  }
  return { native, exactness: values.every(isContainable) ? 'exact' : 'superset' }
}

function oneOf(path: string, operands: readonly string[]): string {
  return operands.length === 1 ? `${path} = ${operands[0]}` : `${path} IN (${operands.join(', ')})`
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
function isNoText(builder: ExpressionBuilder, parts: readonly string[]): string {
  return `NOT attribute_type(${builder.path(parts)}, ${builder.value({ S: 'S' })})`
}

/** Another program may have stored a set, which is read as a list. */
function isList(builder: ExpressionBuilder, parts: readonly string[]): string {
  const path = builder.path(parts)
  const types = ['L', 'BS', 'SS', 'NS'].map((S) => `attribute_type(${path}, ${builder.value({ S })})`)
  return `(${types.join(' OR ')})`
}

/** Values that DynamoDB has itself. */
function isPlain(value: Value): boolean {
  return !isArray(value) && !isDocument(value) && !(value instanceof Date) && !('M' in encodeValue(value))
}

/** Texts and numbers of a list are one `IN`, which is shorter than a comparison for each. */
function intervalConditions(
  parts: readonly string[],
  intervals: readonly Interval[],
): readonly (Condition | undefined)[] {
  const points = intervals.flatMap((interval) => listedPoint(interval) ?? [])
  if (points.length < 2) return intervals.map((interval) => intervalCondition(parts, interval))
  const list: Condition = (builder) =>
    oneOf(
      builder.path(parts),
      points.map((point) => builder.value(encodeValue(point))),
    )
  const others = intervals.filter((interval) => listedPoint(interval) === undefined)
  return [list, ...others.map((interval) => intervalCondition(parts, interval))]
}

function listedPoint(interval: Interval): Value | undefined {
  const point = pointOf(interval)
  return point !== undefined && isContainable(point) && !('M' in encodeValue(point)) ? point : undefined
}

function intervalCondition(parts: readonly string[], interval: Interval): Condition | undefined {
  const { upper } = interval
  const sample = interval.lower?.value ?? upper?.value
  // Nothing that is compared is less, and DynamoDB has no such number.
  const lower = interval.lower?.value === -Infinity && upper !== undefined ? undefined : interval.lower
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
  const isPoint = pointOf(interval) !== undefined
  return (builder) => {
    const compare = (end: End | undefined, sign: string): readonly string[] =>
      end === undefined
        ? []
        : [`${builder.path(path)} ${sign}${end.inclusive ? '=' : ''} ${builder.value(operand(end.value))}`]
    const tests = isPoint ? compare(upper, '') : [...compare(lower, '>'), ...compare(upper, '<')]
    return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' AND ')})`
  }
}

/** DynamoDB compares booleans by equality only. */
function booleanCondition(parts: readonly string[], interval: Interval): Condition {
  const values = [false, true].filter((value) => sideOf(value, interval) === 0)
  return (builder) => {
    const path = builder.path(parts)
    if (values.length === 0) return `(attribute_exists(${path}) AND attribute_not_exists(${path}))`
    return `${path} IN (${values.map((BOOL) => builder.value({ BOOL })).join(', ')})`
  }
}
