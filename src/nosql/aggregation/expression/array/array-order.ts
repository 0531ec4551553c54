import { arraySize } from '../../../query/approximate-size.ts'
import { compareValues } from '../../../query/compare.ts'
import { type Meter, sortSteps } from '../../../query/meter.ts'
import { readFieldPath } from '../../../query/path.ts'
import { isDocument, type Value } from '../../../query/value.ts'
import { anArray } from '../arguments.ts'
import { positiveCount } from './array-access.ts'
import { fail } from '../failure.ts'
import { fieldPath } from '../field-path.ts'
import { isNullish } from '../kinds.ts'
import { charged, named, objectArgument, type Operator, type Operators } from '../parse.ts'

type Comparator = (left: Value, right: Value, meter: Meter) => number

const sortArray: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['input', 'sortBy'], optional: [] })
  const input = parse.compile(given['input'])
  const compare = comparator(given['sortBy'], name)
  return (scope) => {
    const array = charged(input(scope), scope)
    if (isNullish(array)) return null
    const elements = anArray(array, 2942504, name)
    const { meter } = scope
    meter.work(sortSteps(elements.length) * STEPS_OF_A_COMPARISON)
    meter.allocate(arraySize(elements.length))
    return elements.toSorted((left, right) => compare(left, right, meter))
  }
}

const STEPS_OF_A_COMPARISON = 3

function comparator(sortBy: unknown, name: string): Comparator {
  const whole = direction(sortBy)
  if (whole !== undefined) return (left, right, meter) => whole * compareValues(left, right, meter)
  if (!isDocument(sortBy)) return fail(2942505, `sortBy of ${name} must be 1, -1 or an object of fields`)
  const keys = Object.entries(sortBy).map(([path, given]) => {
    const factor = direction(given) ?? fail('BadValue', `directions of ${name} must be 1 or -1`)
    return { segments: fieldPath(path), factor }
  })
  if (keys.length === 0) fail(2942507, `sortBy of ${name} must have at least one field`)
  return (left, right, meter) => {
    meter.work(keys.length * STEPS_OF_A_COMPARISON)
    for (const { segments, factor } of keys) {
      const order = compareValues(readFieldPath(left, segments) ?? null, readFieldPath(right, segments) ?? null, meter)
      if (order !== 0) return order * factor
    }
    return 0
  }
}

function direction(given: unknown): 1 | -1 | undefined {
  return given === 1 || given === 1n ? 1 : given === -1 || given === -1n ? -1 : undefined
}

const several = (factor: 1 | -1): Operator =>
  named(['input', 'n'], {}, ({ input, n }, name, meter) => {
    const elements = anArray(input, 5788200, name)
    const count = positiveCount(n, name)
    meter.work(sortSteps(elements.length) * STEPS_OF_A_COMPARISON)
    meter.allocate(arraySize(elements.length))
    return elements
      .filter((value) => !isNullish(value))
      .sort((left, right) => factor * compareValues(left, right, meter))
      .slice(0, count)
  })

export const ARRAY_ORDER: Operators = { $maxN: several(-1), $minN: several(1), $sortArray: sortArray }
