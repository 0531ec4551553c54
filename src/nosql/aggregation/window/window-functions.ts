import { nearestHint } from '../../../core/nearest-name.ts'
import { shownOperator } from '../../query/refusal.ts'
import { accumulatorNamed } from '../accumulators/accumulators.ts'
import { fail } from '../expression/failure.ts'
import type { SortOrder } from '../sort-order.ts'
import type { StageContext } from '../stage.ts'
import { overFrames, withArrays } from './accumulate.ts'
import { endpoint, linearFill, locf, shift } from './neighbours.ts'
import { denseRank, documentNumber, rank } from './rank.ts'
import { covariance, deviation, minMaxScaler } from './scaled.ts'
import { derivative, expMovingAvg, integral } from './trend.ts'
import type { ParseWindowFunction, WindowFunction } from './window-function.ts'
import { isDocument } from '../../query/value.ts'

const windowFunctions: Readonly<Record<string, ParseWindowFunction>> = {
  $covariancePop: covariance(0),
  $covarianceSamp: covariance(1),
  $denseRank: denseRank,
  $derivative: derivative,
  $documentNumber: documentNumber,
  $expMovingAvg: expMovingAvg,
  $first: endpoint('first'),
  $integral: integral,
  $last: endpoint('last'),
  $linearFill: linearFill,
  $locf: locf,
  $minMaxScaler: minMaxScaler,
  $rank: rank,
  $shift: shift,
  $stdDevPop: deviation(0),
  $stdDevSamp: deviation(1),
}

/** A field of `$setWindowFields`: `{ $function: operand, window: { … } }`. */
export function parseWindowFunction(
  value: unknown,
  stage: StageContext,
  sortBy: SortOrder | undefined,
): WindowFunction {
  if (!isDocument(value)) return fail('FailedToParse', 'a window function must be an object')
  const name = Object.keys(value).find((key) => key.startsWith('$'))
  if (name === undefined) return fail('FailedToParse', 'a window function must have the name of an operator')
  const parse = functionNamed(name)
  if (parse === undefined)
    return fail(
      'FailedToParse',
      `${shownOperator(name)} cannot be used: it is not a window function`,
      nearestHint(name, Object.keys(windowFunctions)),
    )
  for (const key of Object.keys(value)) {
    if (key !== name && key !== 'window') fail('FailedToParse', 'the fields of a window function must be known')
  }
  return parse(value[name], { stage, sortBy, window: value['window'] }, name)
}

function functionNamed(name: string): ParseWindowFunction | undefined {
  if (Object.hasOwn(windowFunctions, name)) return windowFunctions[name]
  const accumulator = accumulatorNamed(name)
  return accumulator === undefined ? undefined : overFrames(withArrays(accumulator))
}
