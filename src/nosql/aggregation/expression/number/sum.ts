import { isInt64 } from '../../../query/checked-copy.ts'
import { isInt32 } from '../kinds.ts'

/**
 * Adds numbers without losing low digits: doubles in two parts (Knuth's TwoSum), int64 exactly.
 * The order of the numbers does not matter, as in MongoDB.
 */
export class NumberSum {
  #high = 0
  #low = 0
  #special = 0
  #whole = 0n
  #long = false
  #double = false
  count = 0

  add(value: number | bigint): this {
    this.count++
    if (typeof value === 'bigint') {
      this.#long = true
      this.#whole += value
      return this
    }
    if (!Number.isFinite(value)) {
      this.#special += value
      this.#double = true
      return this
    }
    if (!isInt32(value)) this.#double = true
    this.#accumulate(value)
    return this
  }

  /** A bigint when only whole numbers were added, one of them an int64, and the sum is one too; else a number. */
  get value(): number | bigint {
    if (!this.#long || this.#double) return this.number
    const total = this.#whole + BigInt(this.#high) + BigInt(this.#low)
    return isInt64(total) ? total : Number(total)
  }

  get number(): number {
    if (this.#special !== 0) return this.#special
    if (!this.#long) return this.#high + this.#low
    const rounded = Number(this.#whole)
    const rest = Number(this.#whole - BigInt(rounded))
    return new NumberSum().add(this.#high).add(this.#low).add(rounded).add(rest).number
  }

  #accumulate(value: number): void {
    const sum = this.#high + value
    if (!Number.isFinite(sum)) {
      this.#special += sum
      return
    }
    const part = sum - this.#high
    this.#low += this.#high - (sum - part) + (value - part)
    this.#high = sum
  }
}
