import { arraySize } from '../../../query/approximate-size.ts'
import { sortSteps } from '../../../query/meter.ts'
import { fail } from '../failure.ts'
import { isArray, isNumeric } from '../kinds.ts'
import { objectArgument, type Operator, type Operators, type Parse } from '../parse.ts'
import { constantValue, type Result, type Scope } from '../scope.ts'

type Fields = Readonly<Record<string, unknown>>

/** By nearest rank, which is what MongoDB's approximation comes to. */
function percentileOf(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}

function sortedNumbers(fields: Fields, parse: Parse): (scope: Scope) => number[] {
  const input = parse.compile(fields['input'])
  return (scope) => {
    const value = input(scope)
    const values = isArray(value) ? value : [value]
    scope.meter.work(values.length + sortSteps(values.length) * STEPS_OF_A_COMPARISON)
    scope.meter.allocate(3 * arraySize(values.length))
    return [...Float64Array.from(values.filter(isNumeric), Number).sort()]
  }
}

/** Numbers in a typed array are quick to sort. */
const STEPS_OF_A_COMPARISON = 0.5

function shares(p: Result, name: string): number[] {
  if (!isArray(p) || p.length === 0) return fail(7750301, `p of ${name} must be an array of numbers`)
  return p.map((share) =>
    isNumeric(share) && share >= 0 && share <= 1
      ? Number(share)
      : fail(7750303, `p of ${name} must hold numbers from 0 to 1`),
  )
}

function fieldsOf(argument: unknown, name: string, required: readonly string[]): Fields {
  const fields = objectArgument(argument, name, { required, optional: [] })
  if (fields['method'] !== 'approximate') fail('BadValue', `method of ${name} must be 'approximate'`)
  return fields
}

const percentile: Operator = (argument, parse, name) => {
  const fields = fieldsOf(argument, name, ['input', 'p', 'method'])
  const p = parse.compile(fields['p'])
  if (!p.constant) return fail(7750300, `p of ${name} must be a constant`)
  const wanted = shares(constantValue(p), name)
  const numbers = sortedNumbers(fields, parse)
  return (scope) => {
    const sorted = numbers(scope)
    return wanted.map((share) => percentileOf(sorted, share))
  }
}

const median: Operator = (argument, parse, name) => {
  const numbers = sortedNumbers(fieldsOf(argument, name, ['input', 'method']), parse)
  return (scope) => percentileOf(numbers(scope), 0.5)
}

export const PERCENTILE: Operators = { $median: median, $percentile: percentile }
