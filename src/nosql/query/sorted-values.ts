import { compareValues } from './compare.ts'
import { type Meter, sortSteps } from './meter.ts'
import type { Value } from './value.ts'

/** Whether values sorted by `compareValues` hold one that equals this. */
export function holds(sorted: readonly Value[], value: Value, meter?: Meter): boolean {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const order = compareValues(sorted[middle], value, meter)
    if (order === 0) return true
    if (order < 0) low = middle + 1
    else high = middle
  }
  return false
}

/** A sorted copy. */
export function sorted(values: readonly Value[], meter?: Meter): Value[] {
  meter?.work(sortSteps(values.length) * STEPS_OF_A_COMPARISON)
  return values.toSorted((a, b) => compareValues(a, b, meter))
}

const STEPS_OF_A_COMPARISON = 2

/** The values in order, each once. */
export function distinct(values: readonly Value[], meter?: Meter): Value[] {
  const all = sorted(values, meter)
  return all.filter((value, index) => index === 0 || compareValues(all[index - 1], value, meter) !== 0)
}

/** Each value once, where it comes first. */
export function onceEach(values: readonly Value[], meter?: Meter): Value[] {
  const order = [...values.keys()]
  meter?.work(sortSteps(values.length) * STEPS_OF_A_COMPARISON)
  order.sort((a, b) => compareValues(values[a], values[b], meter) || a - b)
  const first = new Set(
    order.filter((at, i) => i === 0 || compareValues(values[order[i - 1] as number], values[at], meter) !== 0),
  )
  return values.filter((_, index) => first.has(index))
}

/** The values that are not among `present`, each once, in their order. */
export function newAmong(present: readonly Value[], values: readonly Value[], meter?: Meter): Value[] {
  const known = sorted(present, meter)
  return onceEach(values, meter).filter((value) => !holds(known, value, meter))
}
