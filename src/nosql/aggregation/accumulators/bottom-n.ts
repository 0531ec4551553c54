import type { Accumulator } from '../accumulator.ts'
import type { Result } from '../expression/scope.ts'
import type { Meter } from '../../query/meter.ts'
import type { SortOrder } from '../sort-order.ts'

/** An output, and what its document is ordered by. */
export interface Ranked {
  readonly key: readonly Result[]
  readonly output: Result
}

interface Kept extends Ranked {
  /** How many were met before it. */
  readonly met: number
}

/**
 * The last outputs in an order, as a group of MongoDB keeps them: when all places are taken, only a document that is
 * behind the foremost of them comes in, and the oldest of the foremost leaves. They are held as a heap.
 */
export class BottomN implements Accumulator<Ranked> {
  readonly #n: number
  readonly #order: SortOrder
  readonly #meter: Meter
  readonly #heap: Kept[] = []
  #met = 0

  constructor(n: number, meter: Meter, order: SortOrder) {
    this.#n = n
    this.#meter = meter
    this.#order = order
  }

  add(ranked: Ranked): void {
    const kept = { ...ranked, met: this.#met++ }
    const foremost = this.#heap[0]
    if (foremost === undefined || this.#heap.length < this.#n) {
      this.#meter.hold(ranked.output)
      this.#rise(kept, this.#heap.length)
    } else if (this.#order.compareKeys(ranked.key, foremost.key, this.#meter) > 0) {
      this.#sink(kept)
    }
  }

  result(): Result {
    return this.#heap.toSorted((a, b) => this.#compare(a, b)).map(({ output }) => output ?? null)
  }

  #compare(a: Kept, b: Kept): number {
    this.#meter.work(3 * this.#order.keys.length)
    return this.#order.compareKeys(a.key, b.key, this.#meter) || a.met - b.met
  }

  /** Puts it at `place`, which is free, or further up. */
  #rise(kept: Kept, place: number): void {
    let at = place
    while (at > 0) {
      const above = (at - 1) >> 1
      const other = this.#heap[above] as Kept
      if (this.#compare(other, kept) <= 0) break
      this.#heap[at] = other
      at = above
    }
    this.#heap[at] = kept
  }

  /** Puts it in the place of the foremost, or further down. */
  #sink(kept: Kept): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      const [left, right] = [heap[below], heap[below + 1]]
      if (left === undefined) break
      if (right !== undefined && this.#compare(right, left) < 0) below += 1
      const other = heap[below] as Kept // `left` or `right`, which are there
      if (this.#compare(kept, other) <= 0) break
      heap[at] = other
      at = below
    }
    heap[at] = kept
  }
}
