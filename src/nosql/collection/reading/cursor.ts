import { assertFunction } from '../../../core/plain-object.ts'
import { UsageError } from '../../../core/errors.ts'
import { holdToArguments } from '../../../core/known-arguments.ts'

/**
 * The documents of a query, read page by page as they are asked for. Read it once; leaving a loop early, `close` and
 * `await using` release what the backend holds. Nothing is sent before the first document is asked for, and what was wrong
 * with the query is thrown then.
 *
 * @example
 * import type { Collection } from 'lexigram-edge/nosql'
 *
 * export async function firstAdult(users: Collection<User>) {
 *   for await (const user of users.find({ age: { $gte: 18 } }, { sort: { age: 1 } })) return user
 * }
 */
export class Cursor<T> implements AsyncIterable<T>, AsyncDisposable {
  readonly #open: () => AsyncIterator<readonly T[]>
  #pages: AsyncIterator<readonly T[]> | undefined
  #page: readonly T[] = []
  #at = 0
  #closed = false
  /** The page on its way: all who read at the same time wait for this one. */
  #coming: Promise<boolean> | undefined

  /** @internal Cursors are made by collections. */
  constructor(open: () => AsyncIterable<readonly T[]>) {
    this.#open = () => open()[Symbol.asyncIterator]()
  }

  /** True once it was read to its end, or closed. */
  get closed(): boolean {
    return this.#closed
  }

  /** The next document; null after the last. */
  async next(): Promise<T | null> {
    // Looking and taking are one step: others may read this cursor, too.
    while (this.#at >= this.#page.length) if (!(await this.#nextPage())) return null
    return this.#page[this.#at++] as T // the loop ends before the end of the page
  }

  /** Whether there is another document; it reads ahead where it has to. */
  async hasNext(): Promise<boolean> {
    while (this.#at >= this.#page.length) if (!(await this.#nextPage())) return false
    return true
  }

  /** The documents not read yet. */
  async toArray(): Promise<T[]> {
    const all: T[] = []
    do {
      for (; this.#at < this.#page.length; this.#at++) all.push(this.#page[this.#at] as T)
    } while (await this.#nextPage())
    return all
  }

  /** Calls back for each document not read yet, and waits for what that returns; `false` ends the cursor. */
  async forEach(visit: (document: T) => unknown): Promise<void> {
    const callback = assertFunction(visit, 'the argument of forEach')
    for await (const document of this) if ((await callback(document)) === false) return
  }

  /** A cursor over what a function makes of each document not read yet. This one is read by it. */
  map<R>(transform: (document: T) => R): Cursor<R> {
    const change = assertFunction(transform, 'the argument of map')
    return new Cursor(() => this.#mapped(change))
  }

  /** Ends the cursor; further reading finds nothing. Closing twice is harmless. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#page = []
    await this.#pages?.return?.()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return {
      next: async () => {
        while (this.#at >= this.#page.length) if (!(await this.#nextPage())) return { done: true, value: undefined }
        return { done: false, value: this.#page[this.#at++] as T } // as in `next`
      },
      return: async () => {
        await this.close()
        return { done: true, value: undefined }
      },
    }
  }

  /** @throws UsageError once something was read: what was asked cannot change any more */
  protected assertUnread(): void {
    if (this.#pages === undefined && !this.#closed) return
    throw new UsageError('a cursor cannot be changed: reading has begun', {
      hint: 'Call sort, skip, limit and project before the first document is read.',
    })
  }

  async *#mapped<R>(change: (document: T) => R): AsyncGenerator<readonly R[], void> {
    try {
      while (await this.hasNext()) {
        const page = this.#page.slice(this.#at)
        this.#at = this.#page.length
        yield page.map((document) => change(document))
      }
    } finally {
      await this.close()
    }
  }

  async #nextPage(): Promise<boolean> {
    if (this.#coming !== undefined) return this.#coming
    this.#coming = this.#readPage()
    try {
      return await this.#coming
    } finally {
      this.#coming = undefined
    }
  }

  async #readPage(): Promise<boolean> {
    if (this.#closed) return false
    this.#page = []
    this.#at = 0
    try {
      this.#pages ??= this.#open()
      const step = await this.#pages.next()
      if (step.done === true) this.#closed = true
      // It may have been closed meanwhile.
      else if (!this.#closed) this.#page = step.value
    } catch (error) {
      this.#closed = true
      throw error
    }
    return !this.#closed
  }
}

holdToArguments(Cursor.prototype, { byPromise: { next: 0, hasNext: 0, toArray: 0, forEach: 1 }, atOnce: { map: 1 } })

/** Checks at once, while the arguments are what they were; what it throws is thrown where documents are asked for. */
export function checkedAtOnce<T>(check: () => T): () => T {
  try {
    const checked = check()
    return () => checked
  } catch (error) {
    return () => {
      throw error
    }
  }
}
