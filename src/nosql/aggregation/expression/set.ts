import type { Value } from '../../query/value.ts'
import { anArray } from './arguments.ts'
import { isNullish, truthy } from './kinds.ts'
import { holds } from '../../query/sorted-values.ts'
import { compareResults, distinct } from './order.ts'
import { binary, commutative, unary, variadic, wrongCount, type Operators } from './parse.ts'

const difference = binary((left, right, name) => {
  if (isNullish(left) || isNullish(right)) {
    for (const value of [left, right]) if (!isNullish(value)) anArray(value, 17048, name)
    return null
  }
  const taken = distinct(anArray(right, 17049, name))
  return onceEach(anArray(left, 17048, name).filter((value) => !holds(taken, value)))
})

/** The values in their order of first appearance. */
function onceEach(values: readonly Value[]): Value[] {
  const first = values.map((value, index) => ({ value, index }))
  first.sort((left, right) => compareResults(left.value, right.value) || left.index - right.index)
  return first
    .filter(({ value }, at) => at === 0 || compareResults(first[at - 1]?.value, value) !== 0)
    .sort((left, right) => left.index - right.index)
    .map(({ value }) => value)
}

const intersection = commutative((values, name) => {
  const sets: Value[][] = []
  for (const value of values) {
    if (isNullish(value)) return null
    sets.push(distinct(anArray(value, 17047, name)))
  }
  const [first, ...rest] = sets
  return (first ?? []).filter((value) => rest.every((other) => holds(other, value)))
})

const union = commutative((values, name) => {
  const united: Value[] = []
  for (const value of values) {
    if (isNullish(value)) return null
    for (const element of anArray(value, 17043, name)) united.push(element)
  }
  return distinct(united)
})

const equals = variadic(0, Infinity, (values, name) => {
  if (values.length < 2) return wrongCount(name, 'at least 2 arguments', values.length)
  const sets = values.map((value) => distinct(anArray(value, 17044, name)))
  const [first] = sets
  return sets.every((set) => compareResults(set, first) === 0)
})

const isSubset = binary((left, right, name) => {
  const part = anArray(left, 17046, name)
  const whole = distinct(anArray(right, 17042, name))
  return part.every((value) => holds(whole, value))
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
