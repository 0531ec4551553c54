import type { AccumulatorPlan, ParseAccumulator, SlidingAccumulator } from '../accumulator.ts'
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

/** Unlike `$group`, a window takes an array as one expression. */
export function withArrays(parse: ParseAccumulator): ParseAccumulator {
  return (argument, context, name) =>
    Array.isArray(argument)
      ? parse({ $let: { vars: {}, in: argument } }, context, name)
      : parse(argument, context, name)
}

export function collectFrames(plan: AccumulatorPlan, bounds: Bounds, sortBy: SortOrder | undefined): WindowFunction {
  return (partition) => {
    const { documents, run, scope } = partition
    run.meter.work(documents.length * STEPS_OF_A_FRAME)
    run.meter.allocate(documents.length * BYTES_OF_A_FRAME)
    const inputs = documents.map((document) => plan.input(enterDocument(scope, document)))
    const list = frames(partition, bounds, sortBy)
    if (bounds.lower === 'unbounded') return growing(plan, inputs, { list, partition })
    const { createSliding } = plan
    if (createSliding === undefined) return apart(plan, inputs, { list, partition })
    return sliding(createSliding(enterDocument(scope, {}), run.meter), inputs, { list, partition })
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

/** One accumulator slides along: it adds the new inputs before it removes the old ones, as MongoDB's does. */
function sliding(
  accumulator: SlidingAccumulator<unknown>,
  inputs: readonly unknown[],
  { list, partition }: Frames,
): Result[] {
  const steps = (count: number): void => partition.run.meter.work(Math.max(0, count) * STEPS_OF_AN_INPUT)
  let first = 0
  let next = 0
  return list.map(({ from, to }) => {
    const empty = from === to
    if (first === next && !empty) first = next = from
    steps((empty ? next : from) - first + to - next)
    for (; next < to; next++) accumulator.add(inputs[next])
    for (; first < (empty ? next : from); first++) accumulator.remove(inputs[first])
    return charge(accumulator.result(), partition)
  })
}

function apart(plan: AccumulatorPlan, inputs: readonly unknown[], { list, partition }: Frames): Result[] {
  const { meter } = partition.run
  const create = plan.createForFrame ?? plan.create
  return list.map(({ from, to }) => {
    const accumulator = create(enterDocument(partition.scope, {}), meter.nested())
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
