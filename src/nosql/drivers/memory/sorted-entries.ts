const chunkSize = 512

/**
 * Entries kept in order. They live in chunks, so that adding one moves at most a chunk; reading goes on at the right
 * place when entries were added or removed meanwhile.
 */
export class SortedEntries<E> {
  readonly #compare: (a: E, b: E) => number
  #chunks: E[][] = []
  #changes = 0

  constructor(compare: (a: E, b: E) => number) {
    this.#compare = compare
  }

  add(entry: E): void {
    this.#changes++
    const at = this.#seek((other) => this.#compare(other, entry) > 0)
    // Behind everything: the last chunk takes it.
    const chunk = this.#chunks[at.chunk] ?? this.#chunks.at(-1)
    if (chunk === undefined) this.#chunks.push([entry])
    else if (this.#chunks[at.chunk] === undefined) chunk.push(entry)
    else chunk.splice(at.index, 0, entry)
    if (chunk !== undefined && chunk.length > chunkSize) {
      this.#chunks.splice(Math.min(at.chunk, this.#chunks.length - 1) + 1, 0, chunk.splice(chunkSize / 2))
    }
  }

  remove(entry: E): void {
    const at = this.#seek((other) => this.#compare(other, entry) >= 0)
    const chunk = this.#chunks[at.chunk]
    const found = chunk?.[at.index]
    if (chunk === undefined || found === undefined || this.#compare(found, entry) !== 0) return
    this.#changes++
    chunk.splice(at.index, 1)
    if (chunk.length === 0) this.#chunks.splice(at.chunk, 1)
  }

  /** Ascending, from the first entry for which `reached` holds. It must hold for every entry after that one too. */
  *from(reached: (entry: E) => boolean): Generator<E, void> {
    let at = this.#seek(reached)
    for (;;) {
      const chunk = this.#chunks[at.chunk]
      const entry = chunk?.[at.index]
      if (chunk === undefined || entry === undefined) return
      const changes = this.#changes
      yield entry
      if (changes !== this.#changes) at = this.#seek((other) => this.#compare(other, entry) > 0)
      else
        at = at.index + 1 < chunk.length ? { chunk: at.chunk, index: at.index + 1 } : { chunk: at.chunk + 1, index: 0 }
    }
  }

  /** The last entry before the first one for which `reached` holds. */
  lastBefore(reached: (entry: E) => boolean): E | undefined {
    const at = this.#seek(reached)
    return at.index > 0 ? this.#chunks[at.chunk]?.[at.index - 1] : this.#chunks[at.chunk - 1]?.at(-1)
  }

  #seek(reached: (entry: E) => boolean): { readonly chunk: number; readonly index: number } {
    const chunk = firstWhere(this.#chunks, (entries) => reached(entries.at(-1) as E)) // no chunk is empty
    const entries = this.#chunks[chunk]
    return { chunk, index: entries === undefined ? 0 : firstWhere(entries, reached) }
  }
}

/** Position of the first item for which the monotone condition holds, or the length. */
function firstWhere<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(items[middle] as T)) high = middle
    else low = middle + 1
  }
  return low
}
