import { arraySize } from '../../../query/approximate-size.ts'
import { isDocument } from '../../../query/value.ts'
import type { Value } from '../../../query/value.ts'
import { anArray } from '../arguments.ts'
import { fail } from '../failure.ts'
import { int32, isNullish, truthy } from '../kinds.ts'
import { objectArgument, type Operator, type Operators, type Parse } from '../parse.ts'
import { RoundGarbage } from './round-garbage.ts'
import type { Result, Scope } from '../scope.ts'
import { checkVariableName } from '../variable.ts'

/** Compiles the expression for each element. The element's variable is `$$this`, or the name in `as`. */
function perElement(given: Readonly<Record<string, unknown>>, parse: Parse, body: 'in' | 'cond') {
  const { as = 'this' } = given
  if (typeof as !== 'string') return fail('FailedToParse', "'as' must be the name of a variable")
  if (as !== 'this') checkVariableName(as)
  const { inner, slots } = parse.declare([as])
  const [slot = 0] = slots
  const { evaluate, weight } = inner.weigh(given[body])
  return (scope: Scope, element: Value): Result => {
    scope.meter.work(weight + STEPS_OF_A_ROUND)
    scope.slots[slot] = element
    return evaluate(scope)
  }
}

const STEPS_OF_A_ROUND = 2

const map: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['input', 'in'], optional: ['as'] })
  const input = parse.compile(given['input'])
  const each = perElement(given, parse, 'in')
  return (scope) => {
    const array = input(scope)
    if (isNullish(array)) return null
    const elements = anArray(array, 16883, name)
    scope.meter.allocate(arraySize(2 * elements.length))
    const made: Value[] = []
    const garbage = new RoundGarbage(scope)
    for (const element of elements) {
      made.push(each(scope, element) ?? null)
      garbage.settle(made)
    }
    return made
  }
}

const filter: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, {
    required: ['input', 'cond'],
    optional: ['as', 'limit'],
  })
  const input = parse.compile(given['input'])
  const limit = given['limit'] === undefined ? undefined : parse.compile(given['limit'])
  const test = perElement(given, parse, 'cond')
  return (scope) => {
    const array = input(scope)
    if (isNullish(array)) return null
    const elements = anArray(array, 28651, name)
    const most = limit === undefined ? Infinity : atMost(limit(scope), name)
    scope.meter.allocate(arraySize(Math.min(elements.length, most)))
    const { allocated } = scope.meter
    const kept: Value[] = []
    for (const element of elements) {
      if (kept.length >= most) break
      if (truthy(test(scope, element))) kept.push(element)
      // What a test was made of is not in use any more.
      scope.meter.release(allocated)
    }
    return kept
  }
}

function atMost(limit: Result, name: string): number {
  if (isNullish(limit)) return Infinity
  const most = int32(limit) ?? fail(327391, `limit of ${name} must be a whole number of 32 bits`)
  return most > 0 ? most : fail(327392, `limit of ${name} must be above 0`)
}

const reduce: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['input', 'initialValue', 'in'], optional: [] })
  const input = parse.compile(given['input'])
  const initial = parse.compile(given['initialValue'])
  const { inner, slots } = parse.declare(['value', 'this'])
  const [total = 0, element = 0] = slots
  const { evaluate: step, weight } = inner.weigh(given['in'])
  return (scope) => {
    const array = input(scope)
    if (isNullish(array)) return null
    const { meter, growth } = scope
    const garbage = new RoundGarbage(scope)
    let value = initial(scope)
    for (const item of anArray(array, 40080, name)) {
      meter.work(weight + STEPS_OF_A_ROUND)
      scope.slots[total] = value
      scope.slots[element] = item
      value = step(scope)
      meter.work(growth.check(value) * STEPS_OF_A_PART)
      garbage.settle([value])
    }
    return value
  }
}

/** Containers are looked into once, which takes longer than going over them. */
const STEPS_OF_A_PART = 3

const letIn: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['vars', 'in'], optional: [] })
  const { vars } = given
  if (!isDocument(vars)) return fail('FailedToParse', `variables of ${name} must be an object`)
  const names = Object.keys(vars)
  names.forEach(checkVariableName)
  const values = names.map((variable) => parse.compile(vars[variable]))
  const computed = names.map((variable) => typeof vars[variable] !== 'string')
  const { inner, slots } = parse.declare(names)
  const body = inner.compile(given['in'])
  return (scope) => {
    for (let index = 0; index < values.length; index++) {
      const value = values[index]?.(scope)
      if (computed[index]) scope.meter.work(scope.growth.check(value) * STEPS_OF_A_PART)
      scope.slots[slots[index] ?? 0] = value
    }
    return body(scope)
  }
}

export const ARRAY_LOOP: Operators = { $filter: filter, $let: letIn, $map: map, $reduce: reduce }
