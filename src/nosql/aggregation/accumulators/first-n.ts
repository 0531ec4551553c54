import type { Value } from '../../query/value.ts'
import { compareValues } from '../../query/compare.ts'
import { countOf, type Accumulator, type ParseAccumulator } from '../accumulator.ts'
import type { Result } from '../expression/scope.ts'
import { ListGrowthCharge, sortSteps, type Meter } from '../../query/meter.ts'
import { stageFields } from '../stage-argument.ts'

/** `$firstN`: the first n values, missing ones as null. */
class FirstN implements Accumulator {
  readonly #meter: Meter
  readonly #n: number
  readonly #values: Value[] = []

  constructor(n: number, meter: Meter) {
    this.#n = n
    this.#meter = meter
  }

  add(value: Result): void {
    if (this.#values.length >= this.#n) return
    this.#meter.hold(value)
    this.#values.push(value ?? null)
  }

  result(): Result {
    return [...this.#values]
  }
}

/** `$lastN`: the last n values, missing ones as null. */
class LastN implements Accumulator {
  readonly #paid: ListGrowthCharge
  readonly #n: number
  #values: Value[] = []

  constructor(n: number, meter: Meter) {
    this.#n = n
    this.#paid = new ListGrowthCharge(meter)
  }

  add(value: Result): void {
    this.#paid.grow(this.#values.push(value ?? null), value)
    if (this.#values.length >= 2 * this.#n + 64) this.#values = this.#values.slice(-this.#n)
  }

  result(): Result {
    return this.#values.slice(-this.#n)
  }
}

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

function counted(create: (n: number, meter: Meter) => Accumulator): ParseAccumulator {
  return (argument, context, name) => {
    const { input, n } = stageFields(argument, name, { required: ['input', 'n'] })
    const count = countOf(context.expression(n), name)
    return { input: context.expression(input), create: (scope, meter) => create(count(scope), meter) }
  }
}

export const firstN = counted((n, meter) => new FirstN(n, meter))
export const lastN = counted((n, meter) => new LastN(n, meter))
export const minN = counted((n, meter) => new ExtremeN(n, meter, 1))
export const maxN = counted((n, meter) => new ExtremeN(n, meter, -1))
