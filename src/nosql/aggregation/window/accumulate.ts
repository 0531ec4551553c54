import type { AccumulatorPlan, ParseAccumulator } from '../accumulator.ts'
import { enterDocument, type Result } from '../expression/scope.ts'
import type { SortOrder } from '../sort-order.ts'
import { parseBounds, type Bounds } from './bounds.ts'
import { frames, type Frame } from './frames.ts'
import type { ParseWindowFunction, Partition, WindowFunction } from './window-function.ts'

/** An accumulator as window function: it collects each document's frame. */
export function overFrames(parse: ParseAccumulator): ParseWindowFunction {
  return (argument, context, name) => {
    const plan = parse(argument, context.stage, name)
    return collectFrames(plan, parseBounds(context), context.sortBy)
  }
}

export function collectFrames(plan: AccumulatorPlan, bounds: Bounds, sortBy: SortOrder | undefined): WindowFunction {
  return (partition) => {
    const { documents, run, scope } = partition
    run.meter.work(documents.length * STEPS_OF_A_FRAME)
    run.meter.allocate(documents.length * BYTES_OF_A_FRAME)
    const inputs = documents.map((document) => plan.input(enterDocument(scope, document)))
    const list = frames(partition, bounds, sortBy)
    return bounds.lower === 'unbounded'
      ? growing(plan, inputs, { list, partition })
      : sliding(plan, inputs, { list, partition })
  }
}

/** A frame is found, and collected by an accumulator. */
const STEPS_OF_A_FRAME = 40
const BYTES_OF_A_FRAME = 48
const STEPS_OF_AN_INPUT = 3

interface Frames {
  readonly list: readonly Frame[]
  readonly partition: Partition
}

/** Frames that all begin at the first document only ever take in more. */
function growing(plan: AccumulatorPlan, inputs: readonly unknown[], { list, partition }: Frames): Result[] {
  const accumulator = plan.create(enterDocument(partition.scope, {}), partition.run.meter)
  let taken = 0
  let result: Result
  let known = false
  return list.map(({ to }) => {
    partition.run.meter.work(Math.max(0, to - taken) * STEPS_OF_AN_INPUT)
    for (; taken < to; taken++) {
      accumulator.add(inputs[taken])
      known = false
    }
    if (!known) result = charge(accumulator.result(), partition)
    known = true
    return result
  })
}

function sliding(plan: AccumulatorPlan, inputs: readonly unknown[], { list, partition }: Frames): Result[] {
  const { meter } = partition.run
  return list.map(({ from, to }) => {
    const accumulator = plan.create(enterDocument(partition.scope, {}), meter.nested())
    meter.work((to - from) * STEPS_OF_AN_INPUT)
    for (let at = from; at < to; at++) accumulator.add(inputs[at])
    return charge(accumulator.result(), partition)
  })
}

/** Lists grow with the frame: all of them are kept until the partition is done. */
function charge(result: Result, { run }: Partition): Result {
  if (typeof result === 'object') run.meter.hold(result)
  return result
}
