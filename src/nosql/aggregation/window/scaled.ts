import { type AccumulatorPlan, ofExpression, type ParseAccumulator } from '../accumulator.ts'
import { Covariance, SlidingDeviation } from '../accumulators/moments.ts'
import { Deviation } from '../accumulators/numeric.ts'
import { Extreme } from '../accumulators/extreme.ts'
import { fail } from '../expression/failure.ts'
import { isNumeric } from '../expression/kinds.ts'
import { constantValue, type Evaluate, type Result } from '../expression/scope.ts'
import { stageFields } from '../stage-argument.ts'
import { collectFrames, overFrames, withArrays } from './accumulate.ts'
import { offset, parseBounds } from './bounds.ts'
import { valuesOf } from './neighbours.ts'
import type { ParseWindowFunction } from './window-function.ts'

/** `$covariancePop` and `$covarianceSamp`: of two expressions given as an array. */
export function covariance(degreesLost: 0 | 1): ParseWindowFunction {
  const parse: ParseAccumulator = (argument, context) => {
    const [x, y] = pairOf(argument, context.expression)
    return {
      input: (scope): readonly [Result, Result] => [x(scope), y(scope)],
      create: () => new Covariance(degreesLost),
      createSliding: () => new Covariance(degreesLost),
    }
  }
  return overFrames(parse)
}

/** `$stdDevPop` and `$stdDevSamp`: as in a group while the window only grows. */
export function deviation(degreesLost: 0 | 1): ParseWindowFunction {
  const parse = withArrays(ofExpression(() => new Deviation(degreesLost)))
  return overFrames((argument, context, name) => ({
    ...parse(argument, context, name),
    createSliding: () => new SlidingDeviation(degreesLost),
  }))
}

/** An argument that is not a pair yields null for every document. */
function pairOf(argument: unknown, compile: (expression: unknown) => Evaluate): readonly [Evaluate, Evaluate] {
  const nothing: Evaluate = () => undefined
  if (Array.isArray(argument)) {
    const [x, y, ...others] = argument.map(compile)
    return x === undefined || y === undefined || others.length > 0 ? [nothing, nothing] : [x, y]
  }
  const pair = compile(argument)
  const at = (index: number): Evaluate => {
    return (scope) => {
      const value = pair(scope)
      return Array.isArray(value) && value.length === 2 ? value[index] : undefined
    }
  }
  return [at(0), at(1)]
}

/** `$minMaxScaler`: where a value lies between the smallest and the largest of its frame. */
export const minMaxScaler: ParseWindowFunction = (argument, context, name) => {
  const fields = stageFields(argument, name, { required: ['input'], optional: ['min', 'max'] })
  if ((fields['min'] === undefined) !== (fields['max'] === undefined))
    fail('FailedToParse', `${name} must have both min and max`)
  const input = context.stage.expression(fields['input'])
  const low = limit(fields['min'] ?? 0, context.stage.expression, name)
  const high = limit(fields['max'] ?? 1, context.stage.expression, name)
  if (low >= high) fail('FailedToParse', `max of ${name} must be greater than min`)
  const bounds = parseBounds(context)
  if ((offset(bounds.lower) ?? 0) > 0 || (offset(bounds.upper) ?? 0) < 0) {
    fail('FailedToParse', `the window of ${name} must hold the current document`)
  }
  const extreme = (sign: 1 | -1): AccumulatorPlan => ({
    input: (scope) => {
      const value = input(scope)
      return isNumeric(value) ? value : fail(10487000, `values of ${name} must be numbers`)
    },
    create: (_scope, meter) => new Extreme(sign, meter),
  })
  const smallest = collectFrames(extreme(1), bounds, context.sortBy)
  const largest = collectFrames(extreme(-1), bounds, context.sortBy)
  return (partition) => {
    const [from, to] = [smallest(partition), largest(partition)]
    return valuesOf(partition, input).map((value, at) => {
      const width = Number(to[at]) - Number(from[at])
      return width === 0 ? low : ((Number(value) - Number(from[at])) / width) * (high - low) + low
    })
  }
}

function limit(value: unknown, compile: (expression: unknown) => Evaluate, name: string): number {
  const evaluate = compile(value)
  const constant = evaluate.constant ? constantValue(evaluate) : undefined
  return isNumeric(constant)
    ? Number(constant)
    : fail('FailedToParse', `min and max of ${name} must be constant numbers`)
}
