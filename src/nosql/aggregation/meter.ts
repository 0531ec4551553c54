import { overBudget } from './expression/failure.ts'
import type { Result } from './expression/scope.ts'
import type { PipelineBudget } from '../query/expression-engine.ts'
import { approximateSize } from './approximate-size.ts'

/** Counts what a run costs, and ends it with `BudgetExceededError` when that is too much. */
export interface Meter {
  /** A value is kept until the stage has ended. */
  hold(value: Result): void
  holdBytes(bytes: number): void
  /** A meter for work whose values are let go before the rest goes on; only while it lasts do they count. */
  nested(): Meter
  /** Documents were made that were not read. */
  produce(documents: number): void
  /** Values are looked at again. */
  work(steps: number): void
}

const MEBIBYTE = 1024 * 1024
const MOST_STEPS = 500_000_000

export function createMeter({ maxBytes = 100 * MEBIBYTE, maxDocuments = 10_000_000 }: PipelineBudget = {}): Meter {
  let documents = 0
  let steps = 0
  const from = (held: number): Meter => {
    let bytes = held
    const holdBytes = (more: number): void => {
      bytes += more
      if (bytes > maxBytes) overBudget(`The pipeline would hold more than ${maxBytes} bytes.`)
    }
    return {
      hold: (value) => holdBytes(approximateSize(value)),
      holdBytes,
      nested: () => from(bytes),
      produce(more) {
        documents += more
        if (documents > maxDocuments) overBudget(`The pipeline would make more than ${maxDocuments} documents.`)
      },
      work(more) {
        steps += more
        if (steps > MOST_STEPS) overBudget(`The pipeline would take more than ${MOST_STEPS} steps.`)
      },
    }
  }
  return from(0)
}

/** Pays for a list that is cut back again and again: only for growing longer than it ever was. */
export class ListGrowthCharge {
  readonly #meter: Meter
  #longest = 0

  constructor(meter: Meter) {
    this.#meter = meter
  }

  /** The list is now so long, with this value at its end. */
  grow(length: number, value: Result): void {
    if (length <= this.#longest) return
    this.#longest = length
    this.#meter.hold(value)
  }
}
