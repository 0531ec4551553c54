import type { Meter } from '../../query/meter.ts'
import type { Accumulator } from '../accumulator.ts'
import { Extreme } from '../accumulators/extreme.ts'
import { Average, Deviation, Sum } from '../accumulators/numeric.ts'
import { isArray } from './kinds.ts'
import { evaluateAll, fold, operands, type Operator, type Operators } from './parse.ts'
import type { Result, Scope } from './scope.ts'

/** An accumulator as an expression: over its operands, or over the one array that is its only operand. */
const over =
  (create: (meter: Meter) => Accumulator): Operator =>
  (argument, parse) => {
    const parts = operands(argument, parse)
    const evaluate = (scope: Scope): Result => {
      const values = evaluateAll(parts, scope)
      const [only] = values
      const accumulator = create(scope.meter)
      const added = values.length === 1 && isArray(only) ? only : values
      scope.meter.work(added.length)
      for (const value of added) accumulator.add(value)
      return accumulator.result()
    }
    return fold(evaluate, parts, parse)
  }

export const ACCUMULATE: Operators = {
  $avg: over(() => new Average()),
  $max: over((meter) => new Extreme(-1, meter)),
  $min: over((meter) => new Extreme(1, meter)),
  $stdDevPop: over(() => new Deviation(0)),
  $stdDevSamp: over(() => new Deviation(1)),
  $sum: over(() => new Sum()),
}
