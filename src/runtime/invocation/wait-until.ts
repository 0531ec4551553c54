/** Work that goes on after the response, in one place, so that a scope can end after it. */
export class WaitUntil {
  #pending: Promise<void>[] = []
  readonly #onError: (error: unknown) => void

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError
  }

  get idle(): boolean {
    return this.#pending.length === 0
  }

  /** Remembers the work. A rejection is reported, never thrown. */
  add(work: Promise<unknown>): Promise<void> {
    const watched = Promise.resolve(work).then(
      () => {},
      (error: unknown) => this.#onError(error),
    )
    this.#pending.push(watched)
    return watched
  }

  /** Waits until all work is done, including work that other work has added meanwhile. */
  async settle(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending
      this.#pending = []
      await Promise.all(batch)
    }
  }
}
