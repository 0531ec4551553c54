import { meantName } from '../../../core/nearest-name.ts'
import { shownOperator } from '../../query/refusal.ts'
import { type AccumulatorPlan, ofExpression, type ParseAccumulator } from '../accumulator.ts'
import { fail, unsupported } from '../expression/failure.ts'
import type { StageContext } from '../stage.ts'
import { AddToSet, Elements, MergeObjects, Push } from './collect.ts'
import { Extreme, First, Last } from './extreme.ts'
import { firstN, lastN, maxN, minN } from './first-n.ts'
import { Average, Count, Deviation, Sum } from './numeric.ts'
import { percentile } from './percentile.ts'
import { bottom, bottomN, top, topN } from './top-n.ts'
import { isDocument } from '../../query/value.ts'

const count: ParseAccumulator = (argument, _context, name) => {
  if (!isDocument(argument) || Object.keys(argument).length > 0)
    fail('TypeMismatch', `the argument of ${name} must be an empty object`)
  return { input: () => undefined, create: () => new Count() }
}

const code: ParseAccumulator = (_argument, _context, name) =>
  unsupported(
    `${name} cannot be used: it runs code from data`,
    'Use the other accumulators, or reduce the documents in the program.',
  )

const accumulators: Readonly<Record<string, ParseAccumulator>> = {
  $accumulator: code,
  $addToSet: ofExpression((meter) => new AddToSet(meter)),
  $avg: ofExpression(() => new Average()),
  $bottom: bottom,
  $bottomN: bottomN,
  $concatArrays: ofExpression((meter) => new Elements('$concatArrays', new Push(meter))),
  $count: count,
  $first: ofExpression(() => new First()),
  $firstN: firstN,
  $last: ofExpression(() => new Last()),
  $lastN: lastN,
  $max: ofExpression((meter) => new Extreme(-1, meter)),
  $maxN: maxN,
  $median: percentile,
  $mergeObjects: ofExpression((meter) => new MergeObjects(meter)),
  $min: ofExpression((meter) => new Extreme(1, meter)),
  $minN: minN,
  $percentile: percentile,
  $push: ofExpression((meter) => new Push(meter)),
  $setUnion: ofExpression((meter) => new Elements('$setUnion', new AddToSet(meter))),
  $stdDevPop: ofExpression(() => new Deviation(0)),
  $stdDevSamp: ofExpression(() => new Deviation(1)),
  $sum: ofExpression(() => new Sum()),
  $top: top,
  $topN: topN,
}

export function accumulatorNamed(name: string): ParseAccumulator | undefined {
  return Object.hasOwn(accumulators, name) ? accumulators[name] : undefined
}

/** A field of `$group`, `$bucket` or `$bucketAuto`: `{ $operator: operand }`. */
export function parseAccumulation(field: string, value: unknown, context: StageContext): AccumulatorPlan {
  if (field.includes('.')) fail(40235, "an accumulated field's name must not contain a dot")
  if (field.startsWith('$')) fail(40236, "an accumulated field's name must not start with '$'")
  if (field === '__proto__') fail('BadValue', "a field name must not be '__proto__'")
  if (!isDocument(value)) return fail(40234, 'an accumulated field must be an object with an accumulator')
  const [name, ...others] = Object.keys(value)
  if (name === undefined || others.length > 0)
    return fail(40238, 'an accumulated field must have exactly one accumulator')
  const parse = accumulatorNamed(name)
  return parse === undefined
    ? fail(
        15952,
        `${shownOperator(name)} cannot be used: it is not an accumulator`,
        meantName(name, Object.keys(accumulators)),
      )
    : parse(value[name], context, name)
}
