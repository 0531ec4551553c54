import { NoSQLFilterError } from '../../errors.ts'
import type { Document, Value } from '../../query/value.ts'

export interface LoggedChange {
  readonly collection: string
  /** `end`: the collection was dropped or renamed. */
  readonly kind: 'insert' | 'update' | 'replace' | 'delete' | 'end'
  readonly id: Value
  readonly document: Document | undefined
  readonly at: number
  readonly position: number
}

/** How many changes are kept for streams that go on later. */
const kept = 10_000

/** The changes of one database, from the first stream on. */
export class ChangeLog {
  /** Tokens of another process, or of another database, are refused. */
  readonly #origin = crypto.randomUUID().slice(0, 8)
  readonly #changes: LoggedChange[] = []
  #isWatched = false
  #last = 0
  /** Wakes the readers that wait for the next change. */
  #wake: () => void = () => {}
  #changed = this.#next()

  append(change: Omit<LoggedChange, 'position' | 'at'>): void {
    if (!this.#isWatched) return
    this.#changes.push({ ...change, at: Date.now(), position: ++this.#last })
    if (this.#changes.length > kept) this.#changes.splice(0, kept / 10)
    this.#wake()
    this.#changed = this.#next()
  }

  /** Where changes from now on begin. */
  now(): number {
    this.#isWatched = true
    return this.#last
  }

  /** @throws NoSQLFilterError `ChangeStreamHistoryLost` when changes after the position are no longer kept */
  since(position: number): readonly LoggedChange[] {
    const first = this.#last - this.#changes.length
    if (position < first) throw lost()
    return this.#changes.slice(position - first)
  }

  /** Resolves with the next change. */
  changed(): Promise<void> {
    return this.#changed
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  token(position: number): string {
    return `${this.#origin}.${position}`
  }

  /** @throws NoSQLFilterError for a token of another log */
  position(token: string): number {
    const [origin, position] = token.split('.', 2)
    if (origin !== this.#origin || !/^\d+$/.test(position ?? '') || Number(position) > this.#last) throw lost()
    return Number(position)
  }
}

function lost(): NoSQLFilterError {
  return new NoSQLFilterError('a stream of changes cannot go on there: the changes after this token are not kept', {
    reason: 'ChangeStreamHistoryLost',
    path: 'resumeAfter',
    hint: 'Read what is there, and watch from now on.',
  })
}
