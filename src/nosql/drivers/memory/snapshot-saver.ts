import { NoSQLConnectionError } from '../../errors.ts'
import type { SnapshotStorage } from './snapshot.ts'

/** Saves after changes, one save at a time: what changes during one is saved by the next. */
export class SnapshotSaver {
  readonly #storage: SnapshotStorage | undefined
  readonly #text: () => string
  #dirty = false
  #running: Promise<void> | undefined
  #error: unknown

  constructor(storage: SnapshotStorage | undefined, text: () => string) {
    this.#storage = storage
    this.#text = text
  }

  changed(): void {
    if (this.#storage === undefined) return
    this.#dirty = true
    this.#running ??= this.#save(this.#storage)
  }

  /**
   * Saves what there is at this moment. A call never waits for another's save: on Workers a request may not.
   *
   * @throws NoSQLConnectionError with what the storage threw as its cause
   */
  async saveNow(): Promise<void> {
    try {
      await this.#storage?.save(this.#text())
    } catch (cause) {
      throw new NoSQLConnectionError('the snapshot of the memory store cannot be saved', {
        hint: 'The write is in this process only; repair the storage and write again.',
        cause,
      })
    }
  }

  /** Waits until all is saved. @throws what the storage last threw, once. */
  async settled(): Promise<void> {
    if (this.#dirty) this.changed()
    await this.#running
    const error = this.#error
    this.#error = undefined
    if (error !== undefined) throw error
  }

  async #save(storage: SnapshotStorage): Promise<void> {
    // The writes of one turn are saved together.
    await Promise.resolve()
    try {
      while (this.#dirty) {
        this.#dirty = false
        await storage.save(this.#text())
        this.#error = undefined
      }
    } catch (error) {
      this.#error = error
    } finally {
      this.#running = undefined
    }
  }
}
