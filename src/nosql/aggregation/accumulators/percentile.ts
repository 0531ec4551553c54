import type { Accumulator, AccumulatorPlan, ParseAccumulator } from '../accumulator.ts'
import { isNumeric } from '../expression/kinds.ts'
import { enterDocument, type Evaluate, type Result, type Scope } from '../expression/scope.ts'
import type { Meter } from '../../query/meter.ts'
import { objectArgument } from '../stage-argument.ts'

/** Collects numbers for the expression of the same name; values that are not numbers do not count. */
class Numbers implements Accumulator {
  readonly #evaluate: Evaluate
  readonly #scope: Scope
  readonly #meter: Meter
  readonly #values: number[] = []

  constructor(evaluate: Evaluate, scope: Scope, meter: Meter) {
    this.#evaluate = evaluate
    this.#scope = scope
    this.#meter = meter
  }

  add(value: Result): void {
    if (!isNumeric(value)) return
    this.#meter.holdBytes(8)
    this.#values.push(Number(value))
  }

  result(): Result {
    return this.#evaluate(enterDocument(this.#scope, { values: this.#values }))
  }
}

/** `$percentile` and `$median` of a group: the expressions over an array of its values. */
export const percentile: ParseAccumulator = (argument, context, name): AccumulatorPlan<Result> => {
  const fields = objectArgument(argument, `the argument of ${name}`)
  const evaluate = context.expression({ [name]: 'input' in fields ? { ...fields, input: '$values' } : fields })
  return {
    input: context.expression(fields['input']),
    create: (scope, meter) => new Numbers(evaluate, scope, meter),
  }
}
