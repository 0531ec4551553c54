import { fail } from './expression/failure.ts'
import { constantValue, type Evaluate, type Result, type Scope } from './expression/scope.ts'
import type { Meter } from '../query/meter.ts'
import type { StageContext } from './stage.ts'

/** Collects what a group or a window has, one input after the other. */
export interface Accumulator<Input = Result> {
  add(input: Input): void
  result(): Result
}

/** An accumulator that can also remove the oldest input. */
export interface SlidingAccumulator<Input = Result> extends Accumulator<Input> {
  remove(input: Input): void
}

/** An accumulator's operand, compiled: how a document becomes an input, and how a fresh accumulator is made. */
export interface AccumulatorPlan<Input = unknown> {
  readonly input: (scope: Scope) => Input
  /** `scope` has the group's `_id` as document, for an `n` that depends on it. */
  readonly create: (scope: Scope, meter: Meter) => Accumulator<Input>
  /** For a window whose first document moves; without it, each frame is collected by another accumulator. */
  readonly createSliding?: (scope: Scope, meter: Meter) => SlidingAccumulator<Input>
  /** The accumulator of one frame, where its answer differs from that of a group. */
  readonly createForFrame?: (scope: Scope, meter: Meter) => Accumulator<Input>
  /** Its `n` depends on the group's `_id`. */
  readonly perGroup?: boolean
}

export type ParseAccumulator = (argument: unknown, context: StageContext, name: string) => AccumulatorPlan

/** An accumulator over one expression. */
export function ofExpression(create: (meter: Meter) => Accumulator): ParseAccumulator {
  return (argument, context, name) => {
    if (Array.isArray(argument)) fail(40237, `the argument of ${name} must be one expression`)
    return { input: context.expression(argument), create: (_scope, meter) => create(meter) }
  }
}

/** The value of an `n`: positive and whole. */
function positiveCount(value: Result, name: string): number {
  if (typeof value !== 'number' && typeof value !== 'bigint')
    return fail(5787902, `n of ${name} must be a whole number`)
  if (typeof value === 'number' && (!Number.isInteger(value) || Math.abs(value) >= 2 ** 63)) {
    fail(5787903, `n of ${name} must be a whole number`)
  }
  return value > 0 ? Number(value) : fail(5787908, `n of ${name} must be above 0`)
}

/** `n` as a function of the group; one that depends on nothing is refused before any document is read. */
export function countOf(evaluate: Evaluate, name: string): Count {
  if (!evaluate.constant)
    return Object.assign((scope: Scope) => positiveCount(evaluate(scope), name), { perGroup: true })
  const count = positiveCount(constantValue(evaluate), name)
  return () => count
}

export interface Count {
  (scope: Scope): number
  readonly perGroup?: boolean
}
