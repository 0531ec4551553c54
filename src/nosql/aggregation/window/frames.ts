import { compareValues } from '../../query/compare.ts'
import type { Value } from '../../query/value.ts'
import { UNIT_LENGTH, UNIT_MONTHS, isFixed, isMonths, type Unit } from '../expression/date/argument.ts'
import { addMonths, DAY, WEEK } from '../expression/date/calendar.ts'
import { fail } from '../expression/failure.ts'
import { isNumeric } from '../expression/kinds.ts'
import type { Result } from '../expression/scope.ts'
import { readPath } from '../field-path.ts'
import type { SortOrder } from '../sort-order.ts'
import { offset, type Bounds } from './bounds.ts'
import { add, compareToDecimal, toDecimal } from './decimal.ts'
import type { Partition } from './window-function.ts'

/** Positions `from` (included) to `to` (excluded) in a partition; empty when they meet. */
export interface Frame {
  readonly from: number
  readonly to: number
}

const EMPTY: Frame = { from: 0, to: 0 }

/** The frame of each document of a partition. */
export function frames(partition: Partition, bounds: Bounds, sortBy: SortOrder | undefined): readonly Frame[] {
  if (bounds.kind === 'range' && sortBy !== undefined) return rangeFrames(partition, bounds, sortBy)
  const length = partition.documents.length
  const lower = offset(bounds.lower)
  const upper = offset(bounds.upper)
  return partition.documents.map((_document, at) => {
    const from = lower === undefined ? 0 : Math.max(0, at + lower)
    const to = upper === undefined ? length : Math.min(length, at + upper + 1)
    return from < to ? { from, to } : EMPTY
  })
}

function rangeFrames({ documents }: Partition, bounds: Bounds, sortBy: SortOrder): readonly Frame[] {
  const path = sortBy.keys[0]?.path ?? []
  const values = documents.map((document) => readPath(document, path))
  const fits = (value: Result): boolean => (bounds.unit === undefined ? isNumeric(value) : value instanceof Date)
  for (const value of values) if (!fits(value)) refuseValue(value, bounds.unit)
  return values.map((value, at) => {
    // `fits` holds for no missing value.
    const from = edge(values, { at, base: value as Value, bounds, side: 'lower' })
    const to = edge(values, { at, base: value as Value, bounds, side: 'upper' })
    return from < to ? { from, to } : EMPTY
  })
}

function refuseValue(value: Result, unit: Unit | undefined): never {
  if (unit !== undefined) return fail(5429513, 'sortBy of a window by range with a unit must yield dates')
  if (value instanceof Date) return fail(5429413, 'a window by range over dates must have a unit')
  return fail(5429414, 'sortBy of a window by range must yield numbers')
}

interface Edge {
  readonly at: number
  readonly base: Value
  readonly bounds: Bounds
  readonly side: 'lower' | 'upper'
}

/** Where a frame begins (`lower`) or ends (`upper`): found by bisection, as the values are in order. */
function edge(values: readonly Result[], { at, base, bounds, side }: Edge): number {
  const bound = bounds[side]
  if (bound === 'unbounded') return side === 'lower' ? 0 : values.length
  if (bound === 'current') return side === 'lower' ? at : at + 1
  const orderOf = threshold(base, bound, bounds.unit)
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >> 1
    const order = orderOf(values[middle])
    if (order < 0 || (order === 0 && side === 'upper')) low = middle + 1
    else high = middle
  }
  return low
}

/** How a value is ordered against the base with a bound added to it; MongoDB adds numbers as decimals. */
function threshold(base: Value, by: number, unit: Unit | undefined): (value: Result) => number {
  if (unit !== undefined && base instanceof Date) {
    const time = isMonths(unit) ? addMonths(base, by * UNIT_MONTHS[unit]) : base.getTime() + by * unitLength(unit)
    const shifted = new Date(time)
    return (value) => compareValues(value, shifted)
  }
  const sum = Number(base) + by
  const whole = Number.isSafeInteger(base) && Number.isSafeInteger(by)
  if (whole || !Number.isFinite(sum) || !isNumeric(base)) return (value) => compareValues(value, sum)
  const exact = add(toDecimal(base), toDecimal(by))
  return (value) => (isNumeric(value) ? compareToDecimal(value, exact) : compareValues(value, sum))
}

/** Milliseconds of a unit that always has as many. */
export function unitLength(unit: Unit): number {
  if (isFixed(unit)) return UNIT_LENGTH[unit]
  return unit === 'week' ? WEEK : DAY
}
