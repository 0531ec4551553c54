import type { SlidingAccumulator } from '../accumulator.ts'
import { isNumeric } from '../expression/kinds.ts'
import type { Result } from '../expression/scope.ts'
import { NumberSum } from '../expression/number/sum.ts'

/**
 * `$stdDevPop` and `$stdDevSamp` of a window that moves. MongoDB keeps sums that it can take from again, and by other
 * formulas than for a group: the last digits differ.
 */
export class SlidingDeviation implements SlidingAccumulator {
  readonly #degreesLost: 0 | 1
  #count = 0
  #infinite = 0
  #sum = new NumberSum()
  #squares = new NumberSum()

  constructor(degreesLost: 0 | 1) {
    this.#degreesLost = degreesLost
  }

  add(value: Result): void {
    this.#update(value, 1)
  }

  remove(value: Result): void {
    this.#update(value, -1)
  }

  result(): Result {
    if (this.#infinite > 0) return Number.NaN
    const degrees = this.#count - this.#degreesLost
    if (degrees <= 0) return null
    // What is left of values that are gone may be a little below 0.
    return this.#count === 1 ? 0 : Math.sqrt(Math.max(0, this.#squares.number) / degrees)
  }

  #update(value: Result, by: 1 | -1): void {
    if (!isNumeric(value)) return
    const number = Number(value)
    if (!Number.isFinite(number)) {
      this.#infinite += by
      return
    }
    const before = this.#count
    this.#count += by
    if (this.#count === 0) {
      this.#sum = new NumberSum()
      this.#squares = new NumberSum()
      return
    }
    if (before > 0) {
      const distance = before * number - this.#sum.number
      this.#squares.add((distance * distance * by) / (this.#count * before))
    }
    this.#sum.add(number * by)
  }
}

/** `$covariancePop` and `$covarianceSamp` of pairs; values that are not pairs of numbers do not count. */
export class Covariance implements SlidingAccumulator<readonly [Result, Result]> {
  readonly #degreesLost: 0 | 1
  #count = 0
  /** Pairs with an infinite number, by the sum of what is infinite. */
  readonly #infinite = new Map<number, number>()
  #x = new NumberSum()
  #y = new NumberSum()
  #products = new NumberSum()

  constructor(degreesLost: 0 | 1) {
    this.#degreesLost = degreesLost
  }

  add([left, right]: readonly [Result, Result]): void {
    if (!isNumeric(left) || !isNumeric(right)) return
    const [x, y] = [Number(left), Number(right)]
    if (this.#countInfinite(x, y, 1)) return
    const distance = this.#count === 0 ? 0 : x - this.#x.number / this.#count
    this.#count++
    this.#x.add(x)
    this.#y.add(y)
    this.#products.add(distance * (y - this.#y.number / this.#count))
  }

  remove([left, right]: readonly [Result, Result]): void {
    if (!isNumeric(left) || !isNumeric(right)) return
    const [x, y] = [Number(left), Number(right)]
    if (this.#countInfinite(x, y, -1)) return
    const before = this.#count--
    if (this.#count === 0) {
      this.#x = new NumberSum()
      this.#y = new NumberSum()
      this.#products = new NumberSum()
      return
    }
    this.#x.add(-x)
    const distance = x - this.#x.number / this.#count
    this.#products.add(-distance * (y - this.#y.number / before))
    this.#y.add(-y)
  }

  result(): Result {
    const degrees = this.#count - this.#degreesLost
    if (degrees <= 0) return null
    if (this.#count === 1) return 0
    const infinite = [...this.#infinite].filter(([, times]) => times > 0).map(([sum]) => sum)
    return infinite.reduce((sum, value) => sum + value, this.#products.number) / degrees
  }

  #countInfinite(x: number, y: number, by: 1 | -1): boolean {
    if (Number.isFinite(x) && Number.isFinite(y)) return false
    const sum = (Number.isFinite(x) ? 0 : x) + (Number.isFinite(y) ? 0 : y)
    this.#infinite.set(sum, (this.#infinite.get(sum) ?? 0) + by)
    return true
  }
}
