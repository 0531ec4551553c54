import { arraySize } from '../../../query/approximate-size.ts'
import type { Meter } from '../../../query/meter.ts'
import type { Value } from '../../../query/value.ts'
import { anArray } from '../arguments.ts'
import { isNullish, truthy } from '../kinds.ts'
import { distinct, holds, onceEach } from '../../../query/sorted-values.ts'
import { compareResults } from '../order.ts'
import { binary, commutative, unary, variadic, wrongCount, type Operators } from '../parse.ts'

const difference = binary((left, right, { name, meter }) => {
  if (isNullish(left) || isNullish(right)) {
    for (const value of [left, right]) if (!isNullish(value)) anArray(value, 17048, name)
    return null
  }
  const taken = distinct(anArray(right, 17049, name), meter)
  const given = anArray(left, 17048, name)
  payForSet(given, meter)
  return onceEach(
    given.filter((value) => !holds(taken, value, meter)),
    meter,
  )
})

/** Looking each value up, and keeping it. */
function payForSet(values: readonly Value[], meter: Meter): void {
  meter.work(values.length * STEPS_OF_A_SEARCH)
  meter.allocate(arraySize(2 * values.length))
}

const STEPS_OF_A_SEARCH = 20

const intersection = commutative((values, name, meter) => {
  const sets: Value[][] = []
  for (const value of values) {
    if (isNullish(value)) return null
    const given = anArray(value, 17047, name)
    payForSet(given, meter)
    sets.push(distinct(given, meter))
  }
  const [first, ...rest] = sets
  return (first ?? []).filter((value) => rest.every((other) => holds(other, value, meter)))
})

const union = commutative((values, name, meter) => {
  const united: Value[] = []
  for (const value of values) {
    if (isNullish(value)) return null
    const given = anArray(value, 17043, name)
    payForSet(given, meter)
    for (const element of given) united.push(element)
  }
  return distinct(united, meter)
})

const equals = variadic(0, Infinity, (values, name, meter) => {
  if (values.length < 2) return wrongCount(name, 'at least 2 arguments', values.length)
  const sets = values.map((value) => distinct(anArray(value, 17044, name), meter))
  const [first] = sets
  return sets.every((set) => compareResults(set, first, meter) === 0)
})

const isSubset = binary((left, right, { name, meter }) => {
  const part = anArray(left, 17046, name)
  const whole = distinct(anArray(right, 17042, name), meter)
  meter.work(part.length * STEPS_OF_A_SEARCH)
  return part.every((value) => holds(whole, value, meter))
})

export const SET: Operators = {
  $allElementsTrue: unary((value, name) => anArray(value, 17040, name).every(truthy)),
  $anyElementTrue: unary((value, name) => anArray(value, 17041, name).some(truthy)),
  $setDifference: difference,
  $setEquals: equals,
  $setIntersection: intersection,
  $setIsSubset: isSubset,
  $setUnion: union,
}
