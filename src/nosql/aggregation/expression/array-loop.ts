import { isDocument } from '../../query/value.ts'
import type { Value } from '../../query/value.ts'
import { anArray } from './arguments.ts'
import { fail } from './failure.ts'
import { int32, isNullish, truthy } from './kinds.ts'
import { objectArgument, type Operator, type Operators, type Parse } from './parse.ts'
import { spend, type Result, type Scope } from './scope.ts'
import { checkGrowth, type Extents } from './growth.ts'
import { checkVariableName } from './variable.ts'

/** `as` and, since 8.2, `arrayIndexAs`: the variables of one iteration. */
function iteration(given: Readonly<Record<string, unknown>>, parse: Parse) {
  const names = ['as', 'arrayIndexAs'].map((key) => variableName(given[key], key === 'as' ? 'this' : 'IDX'))
  if (names[0] === names[1]) fail('FailedToParse', "'as' and 'arrayIndexAs' name the same variable.")
  const { inner, slots } = parse.declare(names)
  const [element = 0, position = 0] = slots
  const enter = (scope: Scope, value: Value, index: number): void => {
    spend(scope)
    scope.slots[element] = value
    scope.slots[position] = index
  }
  return { inner, enter }
}

function variableName(given: unknown, standard: string): string {
  if (given === undefined) return standard
  if (typeof given !== 'string') return fail('FailedToParse', "'as' takes the name of a variable.")
  checkVariableName(given)
  return given
}

const map: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['input', 'in'], optional: ['as', 'arrayIndexAs'] })
  const input = parse.compile(given['input'])
  const { inner, enter } = iteration(given, parse)
  const each = inner.compile(given['in'])
  return (scope) => {
    const array = input(scope)
    if (isNullish(array)) return null
    return anArray(array, 16883, name).map((value, index) => {
      enter(scope, value, index)
      return each(scope) ?? null
    })
  }
}

const filter: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, {
    required: ['input', 'cond'],
    optional: ['as', 'limit', 'arrayIndexAs'],
  })
  const input = parse.compile(given['input'])
  const limit = given['limit'] === undefined ? undefined : parse.compile(given['limit'])
  const { inner, enter } = iteration(given, parse)
  const test = inner.compile(given['cond'])
  return (scope) => {
    const array = input(scope)
    if (isNullish(array)) return null
    const elements = anArray(array, 28651, name)
    const most = limit === undefined ? Infinity : atMost(limit(scope), name)
    const kept: Value[] = []
    for (let index = 0; index < elements.length && kept.length < most; index++) {
      const value = elements[index] ?? null
      enter(scope, value, index)
      if (truthy(test(scope))) kept.push(value)
    }
    return kept
  }
}

function atMost(limit: Result, name: string): number {
  if (isNullish(limit)) return Infinity
  const most = int32(limit) ?? fail(327391, `${name} takes a whole number of 32 bits as limit.`)
  return most > 0 ? most : fail(327392, `${name} takes a limit above 0.`)
}

const reduce: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, {
    required: ['input', 'initialValue', 'in'],
    optional: ['as', 'valueAs', 'arrayIndexAs'],
  })
  const input = parse.compile(given['input'])
  const initial = parse.compile(given['initialValue'])
  const names = [
    variableName(given['valueAs'], 'value'),
    variableName(given['as'], 'this'),
    variableName(given['arrayIndexAs'], 'IDX'),
  ]
  if (new Set(names).size < names.length) fail('FailedToParse', `The variables of ${name} need different names.`)
  const { inner, slots } = parse.declare(names)
  const [total = 0, element = 0, position = 0] = slots
  const step = inner.compile(given['in'])
  return (scope) => {
    const array = input(scope)
    if (isNullish(array)) return null
    let value = initial(scope)
    const known: Extents = new WeakMap()
    anArray(array, 40080, name).forEach((item, index) => {
      spend(scope)
      scope.slots[total] = value
      scope.slots[element] = item
      scope.slots[position] = index
      value = checkGrowth(step(scope), known)
    })
    return value
  }
}

const letIn: Operator = (argument, parse, name) => {
  const given = objectArgument(argument, name, { required: ['vars', 'in'], optional: [] })
  const { vars } = given
  if (!isDocument(vars)) return fail('FailedToParse', `${name} takes an object of variables.`)
  const names = Object.keys(vars)
  names.forEach(checkVariableName)
  const values = names.map((variable) => parse.compile(vars[variable]))
  const computed = names.map((variable) => typeof vars[variable] !== 'string')
  const { inner, slots } = parse.declare(names)
  const body = inner.compile(given['in'])
  return (scope) => {
    const known: Extents = new WeakMap()
    for (let index = 0; index < values.length; index++) {
      const value = values[index]?.(scope)
      scope.slots[slots[index] ?? 0] = computed[index] ? checkGrowth(value, known) : value
    }
    return body(scope)
  }
}

export const ARRAY_LOOP: Operators = { $filter: filter, $let: letIn, $map: map, $reduce: reduce }
