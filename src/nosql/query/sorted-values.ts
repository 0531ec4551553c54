import { compareValues } from './compare.ts'
import type { Value } from './value.ts'

/** Whether values sorted by `compareValues` hold one that equals this. */
export function holds(sorted: readonly Value[], value: Value): boolean {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const order = compareValues(sorted[middle], value)
    if (order === 0) return true
    if (order < 0) low = middle + 1
    else high = middle
  }
  return false
}

/** The values that are not among `present`, each once, in their order. */
export function newAmong(present: readonly Value[], values: readonly Value[]): Value[] {
  const all = [...present, ...values]
  const order = [...all.keys()].sort((a, b) => compareValues(all[a], all[b]) || a - b)
  const first = new Set(order.filter((at, i) => i === 0 || compareValues(all[order[i - 1] as number], all[at]) !== 0))
  return values.filter((_, index) => first.has(present.length + index))
}
