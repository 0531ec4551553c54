import type { Accumulator } from '../accumulator.ts'
import { Extreme } from '../accumulators/extreme.ts'
import { Average, Deviation, Sum } from '../accumulators/numeric.ts'
import { isArray } from './kinds.ts'
import { evaluateAll, fold, operands, type Operator, type Operators } from './parse.ts'

/** An accumulator as an expression: over its operands, or over the one array that is its only operand. */
const over =
  (create: () => Accumulator): Operator =>
  (argument, parse) => {
    const parts = operands(argument, parse)
    return fold((scope) => {
      const values = evaluateAll(parts, scope)
      const [only] = values
      const accumulator = create()
      for (const value of values.length === 1 && isArray(only) ? only : values) accumulator.add(value)
      return accumulator.result()
    }, parts)
  }

export const ACCUMULATE: Operators = {
  $avg: over(() => new Average()),
  $max: over(() => new Extreme(-1)),
  $min: over(() => new Extreme(1)),
  $stdDevPop: over(() => new Deviation(0)),
  $stdDevSamp: over(() => new Deviation(1)),
  $sum: over(() => new Sum()),
}
