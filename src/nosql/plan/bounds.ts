import type { ComparisonOperator, FilterNode } from '../query/filter-node.ts'
import { arrayIndex } from '../query/path.ts'
import { isArray, TypeClass, typeClass, type Value } from '../query/value.ts'
import { isOrdered } from '../query/vendor-order.ts'
import { isVendorValue } from '../query/vendor-value.ts'
import type { Facts } from './facts.ts'
import { intersection, type Interval, pointInterval, prefixInterval, union } from './intervals.ts'

/** What a conjunct says of its path, in terms that an index can look up. */
export interface Bounds {
  readonly path: string
  /** Sorted and apart from each other; empty: nothing can match. */
  readonly intervals: readonly Interval[]
  /** Every value within the intervals satisfies the conjunct. False for the prefix of a pattern. */
  readonly exact: boolean
  /** Documents without the path match too; an index that holds them has them under null. */
  readonly missing: boolean
}

/**
 * The intervals in which a value at the path must lie; undefined when an index cannot decide: an index holds arrays by
 * their elements, a number in a path is a position, and null is only looked up where no array can be on the way.
 */
export function boundsOf(node: FilterNode, facts: Facts): Bounds | undefined {
  if (node.kind !== 'field' || node.parts.some((part) => arrayIndex(part) !== undefined)) return undefined
  const { path, test } = node
  const { scalar } = facts(path)
  if (test.kind === 'regex') {
    const { prefix = '' } = test.pattern
    return prefix === '' ? undefined : { path, intervals: [prefixInterval(prefix)], exact: false, missing: false }
  }
  if (test.kind === 'in') {
    const prefixes = test.patterns.map((pattern) => pattern.prefix ?? '')
    if (prefixes.includes('') || !test.values.every((value) => isIndexed(value, scalar))) return undefined
    const intervals = union([...test.values.map(placeOf), ...prefixes.map(prefixInterval)])
    return { path, intervals, exact: prefixes.length === 0, missing: test.values.includes(null) }
  }
  if (test.kind !== 'compare' || !isIndexed(test.value, scalar)) return undefined
  const { operator, value } = test
  if (isVendorValue(value) && !isOrdered(value)) {
    const intervals = [operator === 'eq' ? placeOf(value) : somewhere]
    return { path, intervals, exact: false, missing: false }
  }
  if (value === null) {
    const holds = operator !== 'gt' && operator !== 'lt'
    return { path, intervals: holds ? [pointInterval(null)] : [], exact: true, missing: holds }
  }
  const interval = intersection(comparison(operator, value), classOf(value))
  return { path, intervals: interval === undefined ? [] : [interval], exact: true, missing: false }
}

function comparison(operator: ComparisonOperator, value: Value): Interval {
  switch (operator) {
    case 'eq':
      return placeOf(value)
    case 'gt':
    case 'gte':
      return { lower: { value, inclusive: operator === 'gte' } }
    case 'lt':
    case 'lte':
    default:
      return { upper: { value, inclusive: operator === 'lte' } }
  }
}

/** An index holds values whose order this package does not know, too: they are looked up, wherever they are. */
const somewhere: Interval = { lower: { value: '', inclusive: true }, upper: { value: '\0', inclusive: true } }

function placeOf(value: Value): Interval {
  return pointInterval(isVendorValue(value) && !isOrdered(value) ? '' : value)
}

/** All values that a value can be compared with. NaN, which other programs may have stored, is less than no number. */
function classOf(value: Value): Interval {
  const lowest = lowestOf[typeClass(value)]
  return lowest === undefined ? {} : { lower: { value: lowest, inclusive: true } }
}

const lowestOf: Readonly<Partial<Record<TypeClass, Value>>> = {
  [TypeClass.number]: -Infinity,
  [TypeClass.string]: '',
  [TypeClass.object]: {},
  [TypeClass.bytes]: new Uint8Array(),
  [TypeClass.boolean]: false,
  [TypeClass.date]: new Date(-8.64e15),
}

function isIndexed(value: Value, scalar: boolean): boolean {
  return value === null ? scalar : !isArray(value)
}
