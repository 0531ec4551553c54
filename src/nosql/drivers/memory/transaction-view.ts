import type { StoredDocument } from '../../driver.ts'
import { WriteConflictError } from '../../errors.ts'
import type { Document } from '../../query/value.ts'
import { duplicateKey, type DocumentView } from './document-view.ts'
import { idKey } from './id-key.ts'
import type { MemoryCollection } from './memory-collection.ts'
import type { MemoryDatabase } from './memory-database.ts'

interface OwnWrite {
  /** Undefined: deleted here. */
  readonly document: Document | undefined
  readonly revision: unknown
}

/** One collection as a transaction sees it. */
export class TransactionView implements DocumentView {
  readonly name: string
  readonly own = new Map<string, OwnWrite>()
  readonly #database: MemoryDatabase
  /** What was there when the transaction began, of documents that others have written since. */
  readonly #preserved = new Map<string, StoredDocument | undefined>()

  constructor(name: string, database: MemoryDatabase) {
    this.name = name
    this.#database = database
  }

  get base(): MemoryCollection | undefined {
    return this.#database.collections.get(this.name)
  }

  preserve(key: string, before: StoredDocument | undefined): void {
    if (!this.#preserved.has(key)) this.#preserved.set(key, before)
  }

  get(key: string): StoredDocument | undefined {
    const own = this.own.get(key)
    if (own !== undefined) return own.document && { document: own.document, revision: own.revision }
    return this.#preserved.has(key) ? this.#preserved.get(key) : this.base?.get(key)
  }

  /** True for a document that the collection itself does not answer for. */
  overrides(key: string): boolean {
    return this.own.has(key) || this.#preserved.has(key)
  }

  /** The documents that differ from the collection's. */
  *overlay(): Generator<StoredDocument, void> {
    for (const key of new Set([...this.#preserved.keys(), ...this.own.keys()])) {
      const stored = this.get(key)
      if (stored !== undefined) yield stored
    }
  }

  put(document: Document): void {
    const key = idKey(document['_id'] ?? null)
    this.#refuseConflict(key)
    this.#refuseDuplicate(key, document)
    this.own.set(key, { document, revision: {} })
  }

  remove(key: string): void {
    this.#refuseConflict(key)
    this.own.set(key, { document: undefined, revision: {} })
  }

  /** False when somebody else has written one of the documents, or taken one of the unique keys, since the beginning. */
  canCommit(): boolean {
    for (const [key, { document }] of this.own) {
      if (this.#preserved.has(key)) return false
      for (const index of this.base?.indexes.values() ?? []) {
        const set = document && index.model.unique === true ? index.keysOf(document) : undefined
        if (set !== undefined) for (const record of index.holders(set)) if (!this.own.has(record.key)) return false
      }
    }
    return true
  }

  /** Only after {@link canCommit}, in the same turn. */
  commit(): void {
    const base = this.#database.collection(this.name)
    for (const [key, { document }] of this.own) {
      if (document === undefined) base.remove(key)
      else base.put(document, 'checked')
    }
  }

  #refuseConflict(key: string): void {
    if (!this.#preserved.has(key)) return
    throw new WriteConflictError('The document was written by somebody else since the transaction began.')
  }

  #refuseDuplicate(key: string, document: Document): void {
    for (const index of this.base?.indexes.values() ?? []) {
      const set = index.keysOf(document)
      if (index.model.unique !== true || set === undefined) continue
      for (const record of index.holders(set)) {
        if (record.key !== key && !this.overrides(record.key)) throw duplicateKey(this.name, index.model)
      }
      for (const other of this.overlay()) {
        if (idKey(other.document['_id'] ?? null) === key) continue
        const taken = index.keysOf(other.document)?.keys ?? []
        if (taken.some((a) => set.keys.some((b) => index.compareKeys(a, b) === 0))) {
          throw duplicateKey(this.name, index.model)
        }
      }
    }
  }
}
