import { overBudget } from './over-budget.ts'

/** Holds the requests of one operation to a budget, each before it is sent. */
export class RequestLimit {
  readonly #most: number
  #sent = 0

  constructor(most: number) {
    this.#most = most
  }

  /** For reads: what is not sent has changed nothing. @throws BudgetExceededError */
  readonly beforeRead = (): void => {
    this.#assertOneMore()
    this.#sent += 1
  }

  /** For writes, which must not end between two of their requests: they are only counted. */
  readonly beforeWrite = (): void => {
    this.#sent += 1
  }

  /**
   * A call of the driver that sends at least one request, whether or not the driver counts. Undefined: it had no way for it,
   * and is charged for what it counted.
   *
   * @throws BudgetExceededError before it is made
   */
  async call<T>(work: () => Promise<T> | T): Promise<T> {
    this.#assertOneMore()
    const before = this.#sent
    let done: T | undefined
    try {
      return (done = await work())
    } finally {
      if (done !== undefined) this.#sent = Math.max(this.#sent, before + 1)
    }
  }

  #assertOneMore(): void {
    if (this.#sent + 1 > this.#most) throw overBudget('requests', this.#most)
  }
}
