import { pointOf, sideOf, type End, type Interval } from '../../../plan/intervals.ts'
import { isArray, isDocument, type Value } from '../../../query/value.ts'
import type { AttributeValue } from '../codec/attribute-values.ts'
import { dateKey, encodeValue } from '../codec/value-codec.ts'
import type { Condition } from './expression.ts'
import { isReadAsOne, numberEnd, type Aim } from './number-range.ts'

/** A part of a condition. */
export interface IntervalCondition {
  readonly native: Condition
  /** Whether all that it keeps lies in the interval. */
  readonly exact: boolean
}

/** Numbers of a list that are asked one by one, for each is a range of decimals. */
const mostNumbers = 40

/** The conditions of which one must hold; undefined where DynamoDB cannot say one of them. */
export function intervalConditions(
  parts: readonly string[],
  intervals: readonly Interval[],
  aim: Aim,
): readonly IntervalCondition[] | undefined {
  const points = intervals.flatMap((interval) => listedPoint(interval, aim) ?? [])
  const ranges = intervals.filter((interval) => listedPoint(interval, aim) === undefined)
  const numbers = ranges.filter((interval) => isNumber(pointOf(interval)))
  const isLong = numbers.length > mostNumbers
  const asked = isLong ? ranges.filter((interval) => !numbers.includes(interval)) : ranges
  const conditions = asked.map((interval) => intervalCondition(parts, interval, aim))
  if (!conditions.every((condition) => condition !== undefined)) return undefined
  return [
    ...(points.length > 0 ? [{ native: listCondition(parts, points), exact: true }] : []),
    ...(isLong ? [fromFirstToLast(parts, numbers)] : []),
    ...conditions,
  ]
}

/** A value that DynamoDB compares as it is. Of a number, which is read from other decimals too, that is a part. */
function listedPoint(interval: Interval, aim: Aim): Value | undefined {
  const point = pointOf(interval)
  if (typeof point === 'string') return point
  const isAlone = aim === 'subset' || (typeof point === 'bigint' && BigInt(Number(point)) !== point)
  return isAlone && isNumber(point) && !('M' in encodeValue(point)) ? point : undefined
}

function listCondition(parts: readonly string[], points: readonly Value[]): Condition {
  return (builder) =>
    oneOf(
      builder.path(parts),
      points.map((point) => builder.value(encodeValue(point))),
    )
}

export function oneOf(path: string, operands: readonly string[]): string {
  return operands.length === 1 ? `${path} = ${operands[0]}` : `${path} IN (${operands.join(', ')})`
}

function intervalCondition(parts: readonly string[], interval: Interval, aim: Aim): IntervalCondition | undefined {
  const { upper } = interval
  const sample = interval.lower?.value ?? upper?.value
  // Nothing that is compared is less, and DynamoDB has no such number.
  const lower = interval.lower?.value === -Infinity && upper !== undefined ? undefined : interval.lower
  if (sample === undefined || sample instanceof Uint8Array) return undefined
  const ends = [lower, upper].filter((end) => end !== undefined)
  if (ends.some(({ value }) => isArray(value) || isDocument(value))) return undefined
  if (sample === null)
    return { native: (builder) => `${builder.path(parts)} = ${builder.value({ NULL: true })}`, exact: true }
  if (typeof sample === 'boolean') return { native: booleanCondition(parts, interval), exact: true }
  // Numbers that DynamoDB does not have are stored otherwise, and compare with nothing.
  if (ends.some(({ value }) => isNumber(value) && 'M' in encodeValue(value))) return undefined
  const path = sample instanceof Date ? [...parts, dateKey] : parts
  return {
    native: rangeCondition(path, sideOfRange('lower', lower, aim), sideOfRange('upper', upper, aim)),
    exact: aim === 'subset' || ends.every(({ value }) => !isNumber(value) || isReadAsOne(value)),
  }
}

/** From the first of sorted numbers to the last of them. */
function fromFirstToLast(parts: readonly string[], numbers: readonly Interval[]): IntervalCondition {
  const lower = sideOfRange('lower', numbers[0]?.lower, 'superset')
  const upper = sideOfRange('upper', numbers.at(-1)?.upper, 'superset')
  return { native: rangeCondition(parts, lower, upper), exact: false }
}

/** One side of a range, as DynamoDB has it. */
interface RangeSide {
  readonly inclusive: boolean
  readonly operand: AttributeValue
}

function sideOfRange(side: 'lower' | 'upper', end: End | undefined, aim: Aim): RangeSide | undefined {
  if (end === undefined) return undefined
  const { value, inclusive } = end
  if (isNumber(value)) {
    const { operand: N, ...stored } = numberEnd(side, end, aim)
    return { ...stored, operand: { N } }
  }
  return { inclusive, operand: value instanceof Date ? { N: String(value.getTime()) } : encodeValue(value) }
}

function rangeCondition(
  parts: readonly string[],
  lower: RangeSide | undefined,
  upper: RangeSide | undefined,
): Condition {
  return (builder) => {
    const path = builder.path(parts)
    if (lower?.inclusive === true && upper?.inclusive === true) {
      return `${path} BETWEEN ${builder.value(lower.operand)} AND ${builder.value(upper.operand)}`
    }
    const tests = [
      lower && `${path} >${lower.inclusive ? '=' : ''} ${builder.value(lower.operand)}`,
      upper && `${path} <${upper.inclusive ? '=' : ''} ${builder.value(upper.operand)}`,
    ].filter((test) => test !== undefined)
    return tests.length === 1 ? (tests[0] ?? '') : `(${tests.join(' AND ')})`
  }
}

/** DynamoDB compares booleans by equality only. */
function booleanCondition(parts: readonly string[], interval: Interval): Condition {
  const values = [false, true].filter((value) => sideOf(value, interval) === 0)
  return (builder) => {
    const path = builder.path(parts)
    if (values.length === 0) return `(attribute_exists(${path}) AND attribute_not_exists(${path}))`
    return `(${values.map((BOOL) => `${path} = ${builder.value({ BOOL })}`).join(' OR ')})`
  }
}

export function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** A range of numbers, which may also hold those that DynamoDB does not have. */
export function isNumberRange(interval: Interval): boolean {
  return isNumber((interval.lower ?? interval.upper)?.value) && pointOf(interval) === undefined
}
