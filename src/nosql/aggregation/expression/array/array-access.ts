import { arraySize } from '../../../query/approximate-size.ts'
import { equalValues } from '../../../query/compare.ts'
import type { Value } from '../../../query/value.ts'
import { anArray, aWhole, anInt } from '../arguments.ts'
import { fail, overBudget } from '../failure.ts'
import { isArray, isNullish, isNumeric, typeName } from '../kinds.ts'
import { binary, named, unary, variadic, type Operator, type Operators } from '../parse.ts'
import type { Result } from '../scope.ts'

const LONGEST_ARRAY = 1 << 22

const ends = (position: number): Operator =>
  unary((value, name) => (isNullish(value) ? null : anArray(value, 28689, name).at(position)))

const several = (take: (values: readonly Value[], count: number) => Value[]): Operator =>
  named(['input', 'n'], {}, ({ input, n }, name, meter) => {
    const [elements, count] = [anArray(input, 5788200, name), positiveCount(n, name)]
    meter.allocate(arraySize(Math.min(elements.length, count)))
    return take(elements, count)
  })

/** The `n` of `$firstN` and `$lastN`. */
export function positiveCount(value: Result, name: string): number {
  const count = aWhole(value, 5787902, name)
  return count > 0 ? count : fail(5787908, `n of ${name} must be above 0`)
}

const indexOf = variadic(2, 4, (values, name, meter) => {
  const [array, search] = values
  if (isNullish(array)) return null
  const elements = anArray(array, 40090, name)
  const [start, end] = window(values, name)
  const last = Math.min(end, elements.length)
  meter.work(Math.max(0, last - start))
  for (let index = start; index < last; index++) {
    if (search !== undefined && equalValues(elements[index] ?? null, search, meter)) return index
  }
  return -1
})

/** The optional start and end that follow the first two operands of `$indexOf…`. */
export type Window = readonly [start: number, end: number]

export function window(values: readonly Result[], name: string): Window {
  const [start = 0, end = Infinity] = [2, 3].map((at) => {
    if (values.length <= at) return undefined
    const position = anInt(values[at], 40096, name)
    return position < 0 ? fail(40097, `positions of ${name} must be at least 0`) : position
  })
  return [start, end]
}

const range = variadic(2, 3, (values, name, meter) => {
  const [start, end] = [anInt(values[0], 34443, name), anInt(values[1], 34445, name)]
  const step = values.length > 2 ? anInt(values[2], 34447, name) : 1
  if (step === 0) fail(34449, `step of ${name} must not be 0`)
  const length = Math.max(0, Math.ceil((end - start) / step))
  if (length > LONGEST_ARRAY) overBudget(`the result of ${name} must have at most ${LONGEST_ARRAY} numbers`)
  meter.work(length)
  meter.allocate(arraySize(length))
  return Array.from({ length }, (_, index) => start + index * step)
})

const slice = variadic(2, 3, (values, name, meter) => {
  const [array, first, second] = values
  if (isNullish(array) || isNullish(first) || (values.length > 2 && isNullish(second))) return null
  const elements = anArray(array, 28724, name)
  const position = anInt(first, 28725, name)
  meter.allocate(arraySize(elements.length))
  if (values.length === 2) return position < 0 ? elements.slice(position) : elements.slice(0, position)
  const count = anInt(second, 28727, name)
  if (count <= 0) fail(28729, `count of ${name} must be above 0`)
  const start = position < 0 ? Math.max(0, elements.length + position) : position
  return elements.slice(start, start + count)
})

const concatArrays = variadic(0, Infinity, (values, name, meter) => {
  let length = 0
  for (const value of values) {
    if (isNullish(value)) return null
    length += anArray(value, 28664, name).length
  }
  if (length > LONGEST_ARRAY) overBudget(`the result of ${name} must have at most ${LONGEST_ARRAY} elements`)
  meter.work(length / 2)
  meter.allocate(arraySize(length))
  const joined: Value[] = []
  // `anArray` has passed each of them.
  for (const value of values as readonly (readonly Value[])[]) for (const element of value) joined.push(element)
  return joined
})

export const ARRAY_ACCESS: Operators = {
  $arrayElemAt: binary((array, position, { name }) => {
    if (isNullish(array) || isNullish(position)) return null
    const elements = anArray(array, 28689, name)
    if (!isNumeric(position)) return fail(28690, `position of ${name} must be a number, not ${typeName(position)}`)
    return elements.at(anInt(position, 28691, name))
  }),
  $concatArrays: concatArrays,
  $first: ends(0),
  $firstN: several((values, count) => values.slice(0, count)),
  $in: binary((value, array, { name, meter }) => {
    const elements = anArray(array, 40081, name)
    meter.work(elements.length)
    return value !== undefined && elements.some((element) => equalValues(element, value, meter))
  }),
  $indexOfArray: indexOf,
  $isArray: unary(isArray),
  $last: ends(-1),
  $lastN: several((values, count) => values.slice(-count)),
  $range: range,
  $reverseArray: unary((value, name, meter) => {
    if (isNullish(value)) return null
    const elements = anArray(value, 34435, name)
    meter.allocate(arraySize(elements.length))
    return elements.toReversed()
  }),
  $size: unary((value, name) => anArray(value, 17124, name).length),
  $slice: slice,
}
