import { compareValues } from '../../query/compare.ts'
import type { Meter } from '../../query/meter.ts'
import type { Result } from './scope.ts'

/** MongoDB's order of values with missing below everything. */
export function compareResults(left: Result, right: Result, meter?: Meter): number {
  if (left === undefined) return right === undefined ? 0 : -1
  return right === undefined ? 1 : compareValues(left, right, meter)
}
