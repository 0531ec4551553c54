import type { Result, Scope } from '../scope.ts'

/** How much may be released before the meter is read again. */
const LEAST = 1 << 20

/** Releases what the rounds of a loop have allocated, and counts what they keep. */
export class RoundGarbage {
  readonly #scope: Scope
  readonly #start: number
  #next: number

  constructor(scope: Scope) {
    this.#scope = scope
    this.#start = scope.meter.allocated
    this.#next = this.#start + LEAST
  }

  /** A round is over, and all that is in use of the loop are these. */
  settle(kept: readonly Result[]): void {
    const { meter, growth } = this.#scope
    if (meter.allocated < this.#next) return
    const bytes = kept.reduce<number>((sum, value) => sum + growth.bytes(value), 0)
    meter.work(kept.length)
    // The value may hold what was there before the loop.
    meter.release(this.#start, Math.min(bytes, meter.allocated - this.#start))
    this.#next = meter.allocated + Math.max(LEAST, bytes)
  }
}
