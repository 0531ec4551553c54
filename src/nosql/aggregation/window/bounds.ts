import { fail } from '../expression/failure.ts'
import { aUnit, type Unit } from '../expression/date/argument.ts'
import { int32, isNumeric } from '../expression/kinds.ts'
import { constantValue, type Result } from '../expression/scope.ts'
import type { StageContext } from '../stage.ts'
import type { WindowContext } from './window-function.ts'
import { isDocument } from '../../query/value.ts'

export type Bound = 'unbounded' | 'current' | number

/** Which documents around each document a function looks at. */
export interface Bounds {
  readonly kind: 'documents' | 'range'
  readonly lower: Bound
  readonly upper: Bound
  readonly unit?: Unit
}

const WHOLE_PARTITION: Bounds = { kind: 'documents', lower: 'unbounded', upper: 'unbounded' }

/** Reads a `window`; without one, functions look at the whole partition. */
export function parseBounds({ window, sortBy, stage }: WindowContext): Bounds {
  if (window === undefined) return WHOLE_PARTITION
  if (!isDocument(window)) return fail('FailedToParse', 'a window must be an object')
  const { documents, range, unit } = window
  if (documents === undefined && range === undefined) {
    return Object.keys(window).length === 0
      ? WHOLE_PARTITION
      : fail('FailedToParse', "a window must have either 'documents' or 'range'")
  }
  if (documents !== undefined) {
    if (Object.keys(window).length > 1) fail('FailedToParse', "a window with 'documents' must not have other fields")
    const bounds = { kind: 'documents', ...readPair(documents, stage, wholeBound) } as const
    if (sortBy === undefined && !isWhole(bounds)) fail(5339901, 'a window by documents must have a sortBy')
    return bounds
  }
  if (Object.keys(window).length > (unit === undefined ? 1 : 2))
    fail('FailedToParse', 'the fields of a window must be known')
  const bounds = readPair(range, stage, unit === undefined ? numberBound : wholeBound)
  if (sortBy?.keys.length !== 1) return fail(5339902, 'a window by range must have a sortBy of one field')
  if (sortBy.keys[0]?.direction !== 1) fail(8947401, 'a window by range must have an ascending sortBy')
  return { kind: 'range', ...bounds, ...(unit === undefined ? {} : { unit: readUnit(unit) }) }
}

function isWhole({ lower, upper }: Pick<Bounds, 'lower' | 'upper'>): boolean {
  return lower === 'unbounded' && upper === 'unbounded'
}

function readUnit(unit: unknown): Unit {
  if (typeof unit !== 'string') return fail('FailedToParse', "a window's unit must be a string")
  return aUnit(unit, 'a window')
}

function readPair(
  pair: unknown,
  stage: StageContext,
  read: (value: Result) => number,
): { readonly lower: Bound; readonly upper: Bound } {
  if (!Array.isArray(pair) || pair.length !== 2)
    return fail('FailedToParse', "a window's bounds must be an array of two")
  // One bound for each of two.
  const [lower, upper] = pair.map((bound) => readBound(bound, stage, read)) as [Bound, Bound]
  const [from, to] = [offset(lower), offset(upper)]
  if (from !== undefined && to !== undefined && from > to)
    fail(5339900, "a window's lower bound must not be above its upper bound")
  return { lower, upper }
}

function readBound(bound: unknown, stage: StageContext, read: (value: Result) => number): Bound {
  if (typeof bound === 'string') {
    return bound === 'unbounded' || bound === 'current'
      ? bound
      : fail('FailedToParse', "a window's bound must be 'unbounded', 'current' or a number")
  }
  const evaluate = stage.expression(bound)
  if (!evaluate.constant) return fail('FailedToParse', "a window's bound must be a constant")
  return read(constantValue(evaluate))
}

/** The distance from the current document, where there is one. */
export function offset(bound: Bound): number | undefined {
  if (bound === 'unbounded') return undefined
  return bound === 'current' ? 0 : bound
}

function wholeBound(value: Result): number {
  return int32(value) ?? fail('FailedToParse', "a window's bound must be a whole number")
}

function numberBound(value: Result): number {
  return isNumeric(value) ? Number(value) : fail('FailedToParse', "a window's bound must be a number")
}
