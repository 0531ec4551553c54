import type { Accumulator } from '../accumulator.ts'
import { compareValues } from '../../query/compare.ts'
import type { Meter } from '../../query/meter.ts'
import type { Result } from '../expression/scope.ts'

/** `$min` (`sign` 1) and `$max` (`sign` -1) in MongoDB's order; null and missing do not count. */
export class Extreme implements Accumulator {
  readonly #sign: 1 | -1
  readonly #meter: Meter
  #best: Result

  constructor(sign: 1 | -1, meter: Meter) {
    this.#sign = sign
    this.#meter = meter
  }

  add(value: Result): void {
    if (value === undefined || value === null) return
    if (this.#best === undefined || compareValues(value, this.#best, this.#meter) * this.#sign < 0) this.#best = value
  }

  result(): Result {
    return this.#best ?? null
  }
}

/** `$first`: null where it is missing. */
export class First implements Accumulator {
  #value: Result
  #seen = false

  add(value: Result): void {
    if (this.#seen) return
    this.#seen = true
    this.#value = value
  }

  result(): Result {
    return this.#value ?? null
  }
}

/** `$last`: null where it is missing. */
export class Last implements Accumulator {
  #value: Result

  add(value: Result): void {
    this.#value = value
  }

  result(): Result {
    return this.#value ?? null
  }
}
