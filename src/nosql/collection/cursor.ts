/**
 * The documents of a query, read page by page as they are asked for. Iterate it once; leaving the loop early, `close`
 * and `await using` release what the backend holds. Nothing is sent before the first document is asked for, and what
 * was wrong with the query is thrown then.
 *
 * @example
 * import type { Collection } from 'lexigram-edge/nosql'
 *
 * export async function firstAdult(users: Collection<User>) {
 *   for await (const user of users.find({ age: { $gte: 18 } }, { sort: { age: 1 } })) return user
 * }
 */
export class Cursor<T> implements AsyncIterableIterator<T>, AsyncDisposable {
  readonly #open: () => AsyncIterator<readonly T[]>
  #pages: AsyncIterator<readonly T[]> | undefined
  #page: readonly T[] = []
  #at = 0
  #closed = false

  /** @internal Cursors are made by collections. */
  constructor(open: () => AsyncIterable<readonly T[]>) {
    this.#open = () => open()[Symbol.asyncIterator]()
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.#at >= this.#page.length) {
      if (!(await this.#nextPage())) return { done: true, value: undefined }
    }
    return { done: false, value: this.#page[this.#at++] as T }
  }

  /** The documents not read yet. */
  async toArray(): Promise<T[]> {
    const all = this.#page.slice(this.#at)
    while (await this.#nextPage()) for (const document of this.#page) all.push(document)
    this.#at = this.#page.length
    return all
  }

  /** Ends the cursor; further reading finds nothing. Closing twice is harmless. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#page = []
    await this.#pages?.return?.()
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    await this.close()
    return { done: true, value: undefined }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async #nextPage(): Promise<boolean> {
    if (this.#closed) return false
    this.#page = []
    this.#at = 0
    try {
      this.#pages ??= this.#open()
      const step = await this.#pages.next()
      if (step.done === true) this.#closed = true
      else this.#page = step.value
    } catch (error) {
      this.#closed = true
      throw error
    }
    return !this.#closed
  }
}
