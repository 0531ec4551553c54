import type { MaybePromise } from '../../contract/context.ts'
import type { CollectionSpec } from '../../contract/define-collection.ts'
import { ConflictError, NotFoundError } from '../../../core/errors.ts'
import { idIndex } from '../../contract/index-model.ts'
import { ChangeLog } from './change-log.ts'
import { MemoryCollection } from './memory-collection.ts'
import type { MemoryTransaction } from './memory-transaction.ts'

/** The collections of one database, and the transactions open on it. */
export class MemoryDatabase {
  readonly collections = new Map<string, MemoryCollection>()
  readonly transactions = new Set<MemoryTransaction>()
  readonly log = new ChangeLog()
  readonly #changed: () => MaybePromise<void>
  readonly #queues = new Map<string, Promise<unknown>>()

  /** `changed` is called after each operation that may have written, which waits for it. */
  constructor(changed: () => MaybePromise<void>) {
    this.#changed = changed
  }

  /** What a specification declares is there from the start, as on backends that need their indexes in advance. */
  collection(name: string, spec?: CollectionSpec): MemoryCollection {
    let collection = this.collections.get(name)
    if (collection === undefined) {
      collection = new MemoryCollection(
        name,
        (...change) => {
          for (const transaction of this.transactions) transaction.preserve(...change)
        },
        (change) => this.log.append({ ...change, collection: name }),
      )
      this.collections.set(name, collection)
    }
    for (const index of spec?.indexes ?? []) if (!collection.indexes.has(index.name)) collection.createIndex(index)
    return collection
  }

  create(name: string, spec?: CollectionSpec): boolean {
    if (this.collections.get(name)?.exists === true) return false
    const collection = this.collection(name, spec)
    collection.exists = true
    return true
  }

  drop(name: string): boolean {
    const collection = this.collections.get(name)
    if (collection?.exists !== true) return false
    // Streams of its changes end here: they do not report that its documents go with it.
    this.log.append({ collection: name, kind: 'end', id: null, document: undefined })
    for (const key of collection.records.keys()) collection.remove(key)
    this.collections.delete(name)
    return true
  }

  /** Copies and removes, so that open transactions still see what was there when they began. */
  rename(from: string, to: string, dropTarget: boolean): void {
    const source = this.collections.get(from)
    if (source?.exists !== true)
      throw new NotFoundError(`the collection '${from}' cannot be renamed: it does not exist`)
    if (from === to || (this.collections.get(to)?.exists === true && !dropTarget))
      throw new ConflictError(`the collection '${from}' cannot be renamed: '${to}' exists already`, {
        hint: 'Pass { dropTarget: true } to drop it.',
      })
    this.drop(to)
    const target = this.collection(to)
    target.exists = true
    for (const { model } of source.indexes.values()) if (model.name !== idIndex.name) target.createIndex(model)
    for (const { document } of source.records.values()) target.put(document, { unique: 'checked' })
    this.drop(from)
  }

  /** Runs work on one collection after the work given before it, so that its reads and writes do not interleave. */
  async exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    const run = (this.#queues.get(name) ?? Promise.resolve()).then(work)
    this.#queues.set(
      name,
      run.catch(() => undefined),
    )
    return run
  }

  changed(): MaybePromise<void> {
    return this.#changed()
  }
}
