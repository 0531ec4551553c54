import { compareValues } from '../../query/compare.ts'
import type { Value } from '../../query/value.ts'
import type { Result } from './scope.ts'

/** MongoDB's order of values with missing below everything. */
export function compareResults(left: Result, right: Result): number {
  if (left === undefined) return right === undefined ? 0 : -1
  return right === undefined ? 1 : compareValues(left, right)
}

/** The values in order, each once. */
export function distinct(values: readonly Value[]): Value[] {
  const sorted = values.toSorted(compareValues)
  return sorted.filter((value, index) => index === 0 || compareResults(sorted[index - 1], value) !== 0)
}
