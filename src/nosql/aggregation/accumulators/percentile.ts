import type { Accumulator, AccumulatorPlan, ParseAccumulator } from '../accumulator.ts'
import { fail } from '../expression/failure.ts'
import { isArray, isNumeric } from '../expression/kinds.ts'
import { constantValue, type Result } from '../expression/scope.ts'
import type { Meter } from '../meter.ts'
import type { StageContext } from '../stage.ts'
import { stageFields } from '../stage-argument.ts'

/** `$percentile` by nearest rank, which is what MongoDB's approximation comes to; what is no number does not count. */
class Percentiles implements Accumulator {
  readonly #shares: readonly number[]
  readonly #meter: Meter
  readonly #values: number[] = []

  constructor(shares: readonly number[], meter: Meter) {
    this.#shares = shares
    this.#meter = meter
  }

  add(value: Result): void {
    if (!isNumeric(value)) return
    this.#meter.holdBytes(8)
    this.#values.push(Number(value))
  }

  result(): Result {
    const sorted = Float64Array.from(this.#values).sort()
    return this.#shares.map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null)
  }
}

export const percentile: ParseAccumulator = (argument, context, name) => {
  const fields = stageFields(argument, name, { required: ['input', 'p', 'method'] })
  const p = context.expression(fields['p'])
  if (!p.constant) return fail(7750300, `p of ${name} must be a constant.`)
  const shares = constantValue(p)
  if (!isArray(shares) || shares.length === 0) return fail(7750301, `p of ${name} must be an array of numbers.`)
  return plan(fields, context, { name, shares: shares.map((share) => checkShare(share, name)) })
}

export const median: ParseAccumulator = (argument, context, name) => {
  const fields = stageFields(argument, name, { required: ['input', 'method'] })
  const many = plan(fields, context, { name, shares: [0.5] })
  return {
    input: many.input,
    create: (scope, meter) => {
      const accumulator = many.create(scope, meter)
      return {
        add: (value) => accumulator.add(value as Result),
        result: () => (accumulator.result() as readonly (number | null)[])[0] ?? null,
      }
    },
  }
}

function plan(
  fields: Readonly<Record<string, unknown>>,
  context: StageContext,
  { name, shares }: { readonly name: string; readonly shares: readonly number[] },
): AccumulatorPlan<Result> {
  if (fields['method'] !== 'approximate') fail('BadValue', `method of ${name} must be 'approximate'.`)
  return { input: context.expression(fields['input']), create: (_scope, meter) => new Percentiles(shares, meter) }
}

function checkShare(share: Result, name: string): number {
  if (!isNumeric(share) || !(share >= 0 && share <= 1))
    return fail(7750303, `p of ${name} must hold numbers from 0 to 1.`)
  return Number(share)
}
