/** Sets of values as intervals: what an index looks up. */

import { compareValues } from '../query/compare.ts'
import { type TypeClass, typeClass, type Value } from '../query/value.ts'

/** One end of an interval. */
export interface End {
  readonly value: Value
  readonly inclusive: boolean
}

/** Values of one type class between two ends; without any end: all values. */
export interface Interval {
  readonly lower?: End
  readonly upper?: End
}

export function pointInterval(value: Value): Interval {
  const end = { value, inclusive: true }
  return { lower: end, upper: end }
}

/** The texts that begin with a prefix. */
export function prefixInterval(prefix: string): Interval {
  const lower = { value: prefix, inclusive: true }
  const after = textAfter(prefix)
  return after === undefined ? { lower } : { lower, upper: { value: after, inclusive: false } }
}

/** The first text, by code point, after all that begin with a prefix; undefined where there is none. */
function textAfter(prefix: string): string | undefined {
  const points = Array.from(prefix, (letter) => letter.codePointAt(0) as number)
  while (points.at(-1) === 0x10_ffff) points.pop()
  const last = points.pop()
  if (last === undefined) return undefined
  // What stands between the two planes is for surrogates.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
}

/** The value of an interval that holds one only. */
export function pointOf({ lower, upper }: Interval): Value | undefined {
  if (lower === undefined || upper === undefined || !lower.inclusive || !upper.inclusive) return undefined
  return lower === upper || compareValues(lower.value, upper.value) === 0 ? lower.value : undefined
}

/** Whether a value lies below (-1), in (0) or above (1) an interval. */
export function sideOf(value: Value | undefined, { lower, upper }: Interval): number {
  const end = lower ?? upper
  if (end === undefined) return 0
  const classes = typeClass(value) - typeClass(end.value)
  if (classes !== 0) return Math.sign(classes)
  if (lower !== undefined) {
    const order = compareValues(value, lower.value)
    if (order < 0 || (order === 0 && !lower.inclusive)) return -1
  }
  if (upper !== undefined) {
    const order = compareValues(value, upper.value)
    if (order > 0 || (order === 0 && !upper.inclusive)) return 1
  }
  return 0
}

/** The values that two intervals share; undefined where there are none. */
export function intersection(a: Interval, b: Interval): Interval | undefined {
  if (classOf(a) === undefined) return b
  if (classOf(b) === undefined) return a
  if (classOf(a) !== classOf(b)) return undefined
  const lower = compareLower(a.lower, b.lower) < 0 ? b.lower : a.lower
  const upper = compareUpper(a.upper, b.upper) > 0 ? b.upper : a.upper
  if (lower !== undefined && upper !== undefined) {
    const order = compareValues(lower.value, upper.value)
    if (order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive))) return undefined
  }
  return { ...(lower !== undefined && { lower }), ...(upper !== undefined && { upper }) }
}

/** The same values as sorted intervals that do not overlap. */
export function union(intervals: readonly Interval[]): readonly Interval[] {
  if (intervals.some((interval) => classOf(interval) === undefined)) return [{}]
  const sorted = [...intervals].sort(
    (a, b) => (classOf(a) ?? 0) - (classOf(b) ?? 0) || compareLower(a.lower, b.lower) || compareUpper(a.upper, b.upper),
  )
  const united: Interval[] = []
  for (const next of sorted) {
    const last = united.at(-1)
    if (last === undefined || !meets(last, next)) united.push(next)
    else if (compareUpper(last.upper, next.upper) < 0) united[united.length - 1] = withUpper(last, next.upper)
  }
  return united
}

/** The values that lie in an interval of each list; both are sorted and apart, and so is the answer. */
export function overlap(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  return union(a.flatMap((one) => b.flatMap((other) => intersection(one, other) ?? [])))
}

/** Whether every value of the inner interval lies in the outer one. */
export function covers(outer: Interval, inner: Interval): boolean {
  if (classOf(outer) === undefined) return true
  return (
    classOf(outer) === classOf(inner) &&
    compareLower(outer.lower, inner.lower) <= 0 &&
    compareUpper(outer.upper, inner.upper) >= 0
  )
}

function classOf({ lower, upper }: Interval): TypeClass | undefined {
  const end = lower ?? upper
  return end === undefined ? undefined : typeClass(end.value)
}

function compareLower(a: End | undefined, b: End | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  return compareValues(a.value, b.value) || Number(b.inclusive) - Number(a.inclusive)
}

function compareUpper(a: End | undefined, b: End | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined)
  return compareValues(a.value, b.value) || Number(a.inclusive) - Number(b.inclusive)
}

/** Whether the second of two intervals, which begins no earlier, begins before the first has ended. */
function meets(first: Interval, second: Interval): boolean {
  if (classOf(first) !== classOf(second)) return false
  if (first.upper === undefined || second.lower === undefined) return true
  const order = compareValues(second.lower.value, first.upper.value)
  return order < 0 || (order === 0 && (second.lower.inclusive || first.upper.inclusive))
}

function withUpper({ lower }: Interval, upper: End | undefined): Interval {
  return { ...(lower !== undefined && { lower }), ...(upper !== undefined && { upper }) }
}
