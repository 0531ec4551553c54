import { boundsOf } from '../../plan/bounds.ts'
import type { Dialect, Translation } from '../../plan/dialect.ts'
import type { PathFacts } from '../../plan/facts.ts'
import { pointInterval, union } from '../../plan/intervals.ts'
import type { FieldNode } from '../../query/filter-node.ts'
import { isArray, isDocument, type Value } from '../../query/value.ts'
import type { Condition, ExpressionBuilder } from './reading/expression.ts'
import { mostWeight, weightOf } from './reading/expression-size.ts'
import { intervalConditions, isNumber, isNumberRange, oneOf } from './reading/interval-conditions.ts'
import type { Aim } from './reading/number-range.ts'
import { doubleKey, encodeValue } from './codec/value-codec.ts'

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const limits = { inValues: 100, conditions: mostWeight, valueBytes: 2048 }

/** How DynamoDB says what a filter asks, in the words of its filter expressions. */
export const dynamoDialect = dialectOf('superset', (node, facts) => {
  const part = testOf(node, facts, 'superset')
  if (part?.exactness === 'exact') return opposite(part, 'exact')
  const narrow = testOf(node, facts, 'subset')
  return narrow && opposite(narrow, 'superset')
})

/**
 * The same for the condition of a write, which may hold for too few documents but not for others: where it fails, DynamoDB
 * sends the document, and it is tested here.
 */
export const conditionDialect = dialectOf('subset', (node, facts) => {
  const part = testOf(node, facts, 'superset')
  return part && opposite(part, 'exact')
})

function dialectOf(aim: Aim, negated: Dialect<Condition>['negated']): Dialect<Condition> {
  return {
    limits,
    test: (node, facts) => testOf(node, facts, aim),
    negated,
    and: (parts) => joined(parts, 'AND'),
    or: (parts) => joined(parts, 'OR'),
  }
}

function opposite(
  part: Translation<Condition>,
  exactness: Translation<Condition>['exactness'],
): Translation<Condition> {
  return { ...part, exactness, native: (builder) => `(NOT ${part.native(builder)})` }
}

/** Of a subset it says that it is exact: what it keeps matches. */
function testOf(node: FieldNode, facts: PathFacts, aim: Aim): Translation<Condition> | undefined {
  if (node.path === '_id') return undefined
  // A dotted path may lead through a list, into which DynamoDB does not look.
  if (!facts.scalar && node.parts.length > 1) return undefined
  const part = facts.scalar ? testOfScalar(node, facts, aim) : testOfAny(node, aim)
  return part && { ...part, conditions: weightOf(part.native) }
}

function joined(parts: readonly Condition[], word: 'AND' | 'OR'): Condition {
  const [only, ...others] = parts
  if (only !== undefined && others.length === 0) return only
  return (builder) => `(${parts.map((part) => part(builder)).join(` ${word} `)})`
}

/** A declared field has one value at most: everything that is a set of values can be asked. */
function testOfScalar(node: FieldNode, facts: PathFacts, aim: Aim): Translation<Condition> | undefined {
  const { parts, test } = node
  if (test.kind === 'exists') return { native: exists(parts), exactness: 'exact' }
  const bounds = boundsOf(node, () => facts)
  if (bounds === undefined || bounds.intervals.length === 0 || (aim === 'subset' && !bounds.exact)) return undefined
  const conditions = intervalConditions(parts, bounds.intervals, aim)
  if (conditions === undefined) return undefined
  const mayBeOther = aim === 'superset' && bounds.intervals.some(isNumberRange)
  const all: readonly Condition[] = [
    ...conditions.map(({ native }) => native),
    ...(bounds.missing ? [exists(parts, 'attribute_not_exists')] : []),
    ...(mayBeOther ? [exists([...parts, doubleKey])] : []),
  ]
  const isExact = bounds.exact && !mayBeOther && conditions.every(({ exact }) => exact)
  return { native: joined(all, 'OR'), exactness: isExact ? 'exact' : 'superset' }
}

function exists(parts: readonly string[], test = 'attribute_exists'): Condition {
  return (builder) => `${test}(${builder.path(parts)})`
}

/** A field of which nothing is known may hold the value, or a list with it. */
function testOfAny({ parts, test }: FieldNode, aim: Aim): Translation<Condition> | undefined {
  if (test.kind === 'exists') return { native: exists(parts), exactness: 'exact' }
  if (test.kind === 'size') {
    const N = String(test.size)
    return {
      native: (builder) => `(${isList(builder, parts)} AND size(${builder.path(parts)}) = ${builder.value({ N })})`,
      exactness: 'exact',
    }
  }
  if (test.kind === 'compare' && test.operator === 'eq') return equalToAny(parts, [test.value], aim)
  if (test.kind === 'in' && test.patterns.length === 0 && test.values.length > 0)
    return equalToAny(parts, test.values, aim)
  return undefined
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html */
function equalToAny(parts: readonly string[], values: readonly Value[], aim: Aim): Translation<Condition> | undefined {
  // Lists and maps are compared without the order of keys, and a list with null has other ways to match.
  if (!values.every((value) => value === null || isPlain(value))) return undefined
  // Of null and booleans no documentation says that `contains` finds them in a list, and every list may match.
  const isContained = values.every((value) => typeof value === 'string' || (aim === 'subset' && isNumber(value)))
  if (aim === 'subset' && !isContained) return undefined
  // A number is read from several decimals, and `contains` knows one: every list may match.
  const asRange = (value: Value) => aim === 'superset' && isNumber(value)
  const others = values.filter((value) => !asRange(value))
  const ranges = intervalConditions(parts, union(values.filter(asRange).map(pointInterval)), aim)
  if (ranges === undefined) return undefined
  const native: Condition = (builder) => {
    const path = builder.path(parts)
    const operands = others.map((value) => builder.value(encodeValue(value)))
    const elements = operands.map((operand) => `contains(${path}, ${operand})`).join(' OR ')
    const all = [
      ...(others.length === 0 ? [] : [oneOf(path, operands)]),
      ...ranges.map((range) => range.native(builder)),
      isContained ? `(${isNoText(builder, parts)} AND (${elements}))` : isList(builder, parts),
      ...(values.includes(null) ? [`attribute_not_exists(${path})`] : []),
    ]
    return `(${all.join(' OR ')})`
  }
  return { native, exactness: isContained ? 'exact' : 'superset' }
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
