import type { Position, Positions } from './positions.ts'
import type { ShardReader } from './shard-reader.ts'
import type { Shard } from './shards.ts'
import { changesLost } from './stream-errors.ts'

/** Requests side by side. */
const parallel = 25
/** In milliseconds: for so long a shard that follows another may be listed later than its sister. */
const sisterTime = 300_000
/** In milliseconds, between two looks for such sisters. */
const sisterPoll = 30_000

interface Ended {
  /** No record that follows is older. */
  readonly time: number
  /** When this was found. */
  readonly noted: number
}

/**
 * Which shards are read, and which were read to their end. A shard is read when the one that it follows is at its end, so
 * that the changes of one document keep their order.
 */
export class ShardTracker {
  readonly readers = new Map<string, ShardReader>()
  /** Those at their end. Each is kept until the shards that follow it are known. */
  readonly #ended = new Map<string, Ended>()
  readonly #followed = new Set<string>()
  #lookedAt = 0

  /** Reads the open shards from now on. */
  beginNow(shards: readonly Shard[]): void {
    const open = new Set(shards.filter(({ isOpen }) => isOpen).map(({ id }) => id))
    for (const { id, parent } of shards) {
      // One that was split while the shards were listed is read first.
      if (open.has(id) && !(parent !== undefined && open.has(parent)))
        this.#read(id, { kind: 'latest', time: Date.now() })
    }
  }

  /** @throws NoSQLFilterError if the stream has lost a shard */
  goOn(positions: Positions, shards: readonly Shard[]): void {
    const listed = new Set(shards.map(({ id }) => id))
    for (const [id, position] of positions) {
      if (position.kind === 'end') this.#ended.set(id, { time: position.time, noted: Date.now() })
      else if (listed.has(id)) this.#read(id, position)
      else throw changesLost()
    }
    this.adopt(shards)
    const isFollowed = (id: string) => this.#followed.has(id) || listed.has(id)
    if (![...this.#ended.keys()].every(isFollowed)) throw changesLost()
  }

  /** Reads what follows the shards that are at their end. */
  adopt(shards: readonly Shard[]): void {
    for (const { id, parent } of shards) {
      const ended = parent === undefined ? undefined : this.#ended.get(parent)
      if (parent === undefined || ended === undefined) continue
      this.#followed.add(parent)
      if (!this.readers.has(id) && !this.#ended.has(id)) this.#read(id, { kind: 'start', time: ended.time })
    }
    const now = Date.now()
    this.#lookedAt = now
    for (const [id, { noted }] of this.#ended) {
      if (now - noted > sisterTime && this.#followed.delete(id)) this.#ended.delete(id)
    }
  }

  /** Whether shards may have come that follow those at their end. */
  get isIncomplete(): boolean {
    const isWaiting = [...this.#ended.keys()].some((id) => !this.#followed.has(id))
    return isWaiting || (this.#ended.size > 0 && Date.now() - this.#lookedAt > sisterPoll)
  }

  end({ id, lag }: ShardReader): void {
    this.readers.delete(id)
    const noted = Date.now()
    this.#ended.set(id, { time: noted - lag, noted })
  }

  positions(except?: ShardReader): Positions {
    const all = new Map<string, Position>()
    for (const reader of this.readers.values()) if (reader !== except) all.set(reader.id, reader.position)
    for (const [id, { time }] of this.#ended) all.set(id, { kind: 'end', time })
    return all
  }

  *groups(): Generator<readonly ShardReader[], void> {
    const all = [...this.readers.values()]
    for (let from = 0; from < all.length; from += parallel) yield all.slice(from, from + parallel)
  }

  #read(id: string, position: ShardReader['position']): void {
    this.readers.set(id, { id, position, iterator: undefined, from: undefined, lag: 0 })
  }
}
