import { BudgetExceededError } from '../errors.ts'
import { approximateSize } from './approximate-size.ts'
import type { Value } from './value.ts'

/** What one operation may spend in this process, whatever the number of its documents. */
export interface WorkBudget {
  /**
   * Steps of work. A step is about ten nanoseconds of one processor: comparing two short values, or looking at one field.
   * @default 50_000_000
   */
  readonly maxSteps?: number | undefined
  /** Bytes that may be held at once, as a JavaScript engine needs them. @default 104_857_600, which is 100 MiB */
  readonly maxBytes?: number | undefined
  /** Documents that stages of a pipeline may make out of others. @default 10_000_000 */
  readonly maxProduced?: number | undefined
}

export interface MeterOptions extends WorkBudget {
  /** Lets timers and I/O run, and throws when the operation is to end. @default a timer of 0 ms */
  readonly pause?: (() => Promise<void>) | undefined
}

const MOST_STEPS = 50_000_000
const MOST_BYTES = 100 * 1024 * 1024
const MOST_PRODUCED = 10_000_000

/** How much is done before others get their turn: some 20 ms. */
const STEPS_UNTIL_REST = 2_000_000
/** The garbage collector copies or traces what is held as long, and what is released was at least written. */
const BYTES_OF_A_STEP = 64
const STEPS_OF_A_PRODUCT = 8

/** Counted once for an operation, however many meters it is divided into. */
interface Spent {
  steps: number
  restedAt: number
  produced: number
}

interface Origin {
  readonly operation: Meter
  readonly spent: Spent
  readonly held: number
}

/**
 * Counts what one operation does and keeps, before it happens, and ends the operation with `BudgetExceededError` when that
 * is too much. Every part of an operation charges the same meter.
 */
export class Meter {
  /** The meter of the whole operation, which this one is, or was made from. */
  readonly operation: Meter
  readonly #options: MeterOptions
  readonly #maxSteps: number
  readonly #maxBytes: number
  readonly #spent: Spent
  #held: number
  #loose = 0

  constructor(options: MeterOptions = {}, origin?: Origin) {
    this.operation = origin?.operation ?? this
    this.#options = options
    this.#maxSteps = options.maxSteps ?? MOST_STEPS
    this.#maxBytes = options.maxBytes ?? MOST_BYTES
    this.#spent = origin?.spent ?? { steps: 0, restedAt: 0, produced: 0 }
    this.#held = origin?.held ?? 0
  }

  /** Pays for work that is about to be done. `hint` says how to need less. */
  work(steps: number, hint?: string): void {
    if ((this.#spent.steps += steps) > this.#maxSteps)
      throw beyond('take', { limit: this.#maxSteps, what: 'steps of work', hint })
  }

  /** Pays for bytes that are kept as long as this meter. */
  holdBytes(bytes: number): void {
    this.#held += bytes
    this.work(bytes / BYTES_OF_A_STEP)
    this.#checkBytes()
  }

  /** Pays for a value that is kept as long. */
  hold(value: Value | undefined): void {
    this.holdBytes(8 + approximateSize(value, this.#maxBytes - this.#held))
  }

  /** Pays for bytes that are about to be used and that {@link release} refunds. */
  allocate(bytes: number): void {
    this.#loose += bytes
    this.work(bytes / BYTES_OF_A_STEP)
    this.#checkBytes()
  }

  /** How many bytes are allocated and not released: where to go back to. */
  get allocated(): number {
    return this.#loose
  }

  /** Nothing that was allocated since `allocated` was this is in use any more, but for `kept` bytes. */
  release(allocated: number, kept = 0): void {
    this.#loose = allocated + kept
  }

  /** What was allocated since then is kept as long as this meter. */
  keep(allocated: number): void {
    this.#held += this.#loose - allocated
    this.#loose = allocated
  }

  /** Documents are about to be made that were not read. */
  produce(documents: number): void {
    const { maxProduced = MOST_PRODUCED } = this.#options
    if ((this.#spent.produced += documents) > maxProduced)
      throw beyond('make', { limit: maxProduced, what: 'documents' })
    this.work(documents * STEPS_OF_A_PRODUCT)
  }

  /** A meter for what is released before the rest goes on: it counts only until then. */
  nested(): Meter {
    return new Meter(this.#options, {
      operation: this.operation,
      spent: this.#spent,
      held: this.#held + this.#loose,
    })
  }

  /** Whether other tasks are due; await {@link rest} then. */
  get tired(): boolean {
    return this.#spent.steps - this.#spent.restedAt > STEPS_UNTIL_REST
  }

  /** Lets timers and I/O run. @throws whatever ends the operation, such as an aborted signal's reason */
  async rest(): Promise<void> {
    this.#spent.restedAt = this.#spent.steps
    await (this.#options.pause ?? nextTask)()
  }

  #checkBytes(): void {
    if (this.#held + this.#loose > this.#maxBytes)
      throw beyond('hold', { limit: this.#maxBytes, what: 'bytes at once' })
  }
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

const REMEDY = 'Narrow the filter, use an index, split the work, or raise maxSteps or maxBytes of the budget.'

interface Limit {
  readonly limit: number
  readonly what: string
  readonly hint?: string | undefined
}

function beyond(verb: string, { limit, what, hint = REMEDY }: Limit): BudgetExceededError {
  return new BudgetExceededError(`the operation cannot ${verb} more than ${limit} ${what}`, {
    hint,
    details: { limit, what },
  })
}

/** Pays for a list that is cut back again and again: only for growing longer than it ever was. */
export class ListGrowthCharge {
  readonly #meter: Meter
  #longest = 0

  constructor(meter: Meter) {
    this.#meter = meter
  }

  /** Records the length of the list, with this value at its end. */
  grow(length: number, value: Value | undefined): void {
    if (length <= this.#longest) return
    this.#longest = length
    this.#meter.hold(value)
  }
}

/** The steps to sort this number of values, without comparing them. */
export function sortSteps(length: number): number {
  return length < 2 ? length : Math.ceil(length * Math.log2(length))
}
