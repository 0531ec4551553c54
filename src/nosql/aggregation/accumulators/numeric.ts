import type { Accumulator } from '../accumulator.ts'
import { isNumeric } from '../expression/kinds.ts'
import type { Result } from '../expression/scope.ts'
import { NumberSum } from '../expression/number/sum.ts'

/** `$sum`: values that are not numbers do not count. */
export class Sum implements Accumulator {
  readonly #sum = new NumberSum()

  add(value: Result): void {
    if (isNumeric(value)) this.#sum.add(value)
  }

  result(): Result {
    return this.#sum.value
  }
}

/** `$avg`: null when there is no number. */
export class Average implements Accumulator {
  readonly #sum = new NumberSum()

  add(value: Result): void {
    if (isNumeric(value)) this.#sum.add(value)
  }

  result(): Result {
    return this.#sum.count === 0 ? null : this.#sum.number / this.#sum.count
  }
}

/** `$count`, which looks at no value. */
export class Count implements Accumulator {
  #count = 0

  add(): void {
    this.#count++
  }

  result(): Result {
    return this.#count
  }
}

/** `$stdDevPop` and `$stdDevSamp`, by Welford's method. */
export class Deviation implements Accumulator {
  readonly #degreesLost: 0 | 1
  #count = 0
  #mean = 0
  #squares = 0

  constructor(degreesLost: 0 | 1) {
    this.#degreesLost = degreesLost
  }

  add(value: Result): void {
    if (!isNumeric(value)) return
    const number = Number(value)
    const delta = number - this.#mean
    this.#mean += delta / ++this.#count
    this.#squares += delta * (number - this.#mean)
  }

  result(): Result {
    const degrees = this.#count - this.#degreesLost
    if (degrees <= 0) return null
    return Math.sqrt(this.#squares / degrees)
  }
}
