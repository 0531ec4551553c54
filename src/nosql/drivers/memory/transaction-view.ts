import type { StoredDocument } from '../../contract/query.ts'
import { WriteConflictError } from '../../errors.ts'
import type { Document } from '../../query/value.ts'
import { duplicateKey } from '../../contract/duplicate-key.ts'
import type { DocumentView } from './document-view.ts'
import { idKey } from '../../query/value-key.ts'
import type { MemoryIndex, MemoryRecord } from './memory-index.ts'
import type { MemoryCollection, PutOptions } from './memory-collection.ts'
import type { IndexKeySet } from '../../keys/index-keys.ts'
import type { MemoryDatabase } from './memory-database.ts'

interface OwnWrite {
  /** Undefined: deleted here. */
  readonly record: MemoryRecord | undefined
  readonly revision: unknown
  readonly replaces: boolean
}

/** One collection as a transaction sees it. */
export class TransactionView implements DocumentView {
  readonly name: string
  readonly own = new Map<string, OwnWrite>()
  readonly #database: MemoryDatabase
  /** What was there when the transaction began, of documents that others have written since. */
  readonly #preserved = new Map<string, StoredDocument | undefined>()
  /** The own documents in the unique indexes of the collection. */
  readonly #ownIndexes = new Map<MemoryIndex, MemoryIndex>()

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
    if (own !== undefined) return own.record && { document: own.record.document, revision: own.revision }
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

  put(document: Document, { replaces = false }: PutOptions = {}): void {
    const id = document['_id'] ?? null
    const key = idKey(id)
    this.#refuseConflict(key)
    this.#refuseDuplicate(key, document)
    this.#write(key, { key, id, document, revision: 0, sequence: 0 }, replaces)
  }

  remove(key: string): void {
    this.#refuseConflict(key)
    this.#write(key, undefined)
  }

  /**
   * False when another client has written one of the documents, or taken one of the unique keys, since the beginning.
   */
  canCommit(): boolean {
    for (const [key, { record: own }] of this.own) {
      if (this.#preserved.has(key)) return false
      for (const index of this.#guards()) {
        const set = own && index.keysOf(own.document)
        if (set !== undefined) for (const record of index.holders(set)) if (!this.own.has(record.key)) return false
      }
    }
    return true
  }

  /** Only after {@link canCommit}, in the same turn. */
  commit(): void {
    const base = this.#database.collection(this.name)
    for (const [key, { record, replaces }] of this.own) {
      if (record === undefined) base.remove(key)
      else base.put(record.document, { unique: 'checked', replaces })
    }
  }

  #refuseConflict(key: string): void {
    if (!this.#preserved.has(key)) return
    throw new WriteConflictError('the document cannot be written: another client wrote it after the transaction began')
  }

  #guards(): readonly MemoryIndex[] {
    return [...(this.base?.indexes.values() ?? [])].filter((index) => index.guards)
  }

  #write(key: string, record: MemoryRecord | undefined, replaces = false): void {
    const before = this.own.get(key)?.record
    for (const index of this.#guards()) {
      const own = this.#ownIndex(index)
      if (before !== undefined) own.remove(before)
      if (record !== undefined) own.add(record, own.keysOf(record.document))
    }
    this.own.set(key, { record, revision: {}, replaces })
  }

  #ownIndex(index: MemoryIndex): MemoryIndex {
    let own = this.#ownIndexes.get(index)
    if (own === undefined) {
      this.#ownIndexes.set(index, (own = index.emptied()))
      for (const { record } of this.own.values()) if (record !== undefined) own.add(record, own.keysOf(record.document))
    }
    return own
  }

  #refuseDuplicate(key: string, document: Document): void {
    for (const index of this.#guards()) {
      const set = index.keysOf(document)
      if (set === undefined) continue
      const others = [...this.#ownIndex(index).holders(set)]
      for (const record of index.holders(set)) if (!this.overrides(record.key)) others.push(record)
      if (others.some((record) => record.key !== key) || this.#isPreserved(index, set)) {
        throw duplicateKey(this.name, index.model)
      }
    }
  }

  /** Whether a document that others have changed meanwhile had one of the keys when the transaction began. */
  #isPreserved(index: MemoryIndex, set: IndexKeySet): boolean {
    for (const [key, before] of this.#preserved) {
      const keys = before === undefined || this.own.has(key) ? [] : (index.keysOf(before.document)?.keys ?? [])
      if (keys.some((a) => set.keys.some((b) => index.compareKeys(a, b) === 0))) return true
    }
    return false
  }
}
