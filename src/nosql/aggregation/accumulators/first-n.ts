import type { Value } from '../../query/value.ts'
import { compareValues } from '../../query/compare.ts'
import { countOf, type Accumulator, type ParseAccumulator } from '../accumulator.ts'
import type { Result } from '../expression/scope.ts'
import { ListGrowthCharge, sortSteps, type Meter } from '../../query/meter.ts'
import { stageFields } from '../stage-argument.ts'

/** `$firstN`: the first n values. */
class FirstN implements Accumulator {
  readonly #meter: Meter
  readonly #n: number
  readonly #answer: Answer
  readonly #values: Result[] = []

  constructor(n: number, meter: Meter, answer: Answer) {
    this.#n = n
    this.#meter = meter
    this.#answer = answer
  }

  add(value: Result): void {
    if (this.#values.length >= this.#n) return
    this.#meter.hold(value)
    this.#values.push(value)
  }

  result(): Result {
    return this.#answer(this.#values)
  }
}

/** `$lastN`: the last n values. */
class LastN implements Accumulator {
  readonly #paid: ListGrowthCharge
  readonly #n: number
  readonly #answer: Answer
  #values: Result[] = []

  constructor(n: number, meter: Meter, answer: Answer) {
    this.#n = n
    this.#paid = new ListGrowthCharge(meter)
    this.#answer = answer
  }

  add(value: Result): void {
    this.#paid.grow(this.#values.push(value), value)
    if (this.#values.length >= 2 * this.#n + 64) this.#values = this.#values.slice(-this.#n)
  }

  result(): Result {
    return this.#answer(this.#values.slice(-this.#n))
  }
}

/** How values become an answer, some of which may be missing. */
type Answer = (values: readonly Result[]) => Value[]

const missingAsNull: Answer = (values) => values.map((value) => value ?? null)
const withoutMissing: Answer = (values) => values.filter((value) => value !== undefined)

/** `$minN` (`sign` 1) and `$maxN` (`sign` -1), in order; null and missing do not count. */
class ExtremeN implements Accumulator {
  readonly #meter: Meter
  readonly #paid: ListGrowthCharge
  readonly #n: number
  readonly #sign: 1 | -1
  #values: Value[] = []

  constructor(n: number, meter: Meter, sign: 1 | -1) {
    this.#n = n
    this.#meter = meter
    this.#paid = new ListGrowthCharge(meter)
    this.#sign = sign
  }

  add(value: Result): void {
    if (value === undefined || value === null) return
    this.#paid.grow(this.#values.push(value), value)
    if (this.#values.length >= 2 * this.#n + 64) this.#values = this.#best()
  }

  result(): Result {
    return this.#best()
  }

  #best(): Value[] {
    this.#meter.work(sortSteps(this.#values.length) * 3)
    return this.#values.toSorted((a, b) => compareValues(a, b, this.#meter) * this.#sign).slice(0, this.#n)
  }
}

interface Created {
  readonly create: (n: number, meter: Meter) => Accumulator
  /** The same for a frame of a moving window, where it differs. */
  readonly createForFrame?: (n: number, meter: Meter) => Accumulator
}

function counted({ create, createForFrame = create }: Created): ParseAccumulator {
  return (argument, context, name) => {
    const { input, n } = stageFields(argument, name, { required: ['input', 'n'] })
    const count = countOf(context.expression(n), name)
    return {
      input: context.expression(input),
      create: (scope, meter) => create(count(scope), meter),
      createForFrame: (scope, meter) => createForFrame(count(scope), meter),
      perGroup: count.perGroup === true,
    }
  }
}

export const firstN = counted({
  create: (n, meter) => new FirstN(n, meter, missingAsNull),
  createForFrame: (n, meter) => new FirstN(n, meter, withoutMissing),
})
export const lastN = counted({
  create: (n, meter) => new LastN(n, meter, missingAsNull),
  createForFrame: (n, meter) => new LastN(n, meter, withoutMissing),
})
export const minN = counted({ create: (n, meter) => new ExtremeN(n, meter, 1) })
export const maxN = counted({ create: (n, meter) => new ExtremeN(n, meter, -1) })
