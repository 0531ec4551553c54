import type { StoredDocument } from '../../contract/query.ts'
import type { Expiry } from '../../contract/driver-collection.ts'
import { idIndex, placedByBackend, type IndexModel } from '../../contract/index-model.ts'
import type { Document } from '../../query/value.ts'
import type { LoggedChange } from './change-log.ts'
import { idKey } from '../../query/value-key.ts'
import type { IndexKeySet } from '../../keys/index-keys.ts'
import { MemoryIndex, type MemoryRecord, type IndexEntry } from './memory-index.ts'
import { duplicateKey } from '../../contract/duplicate-key.ts'
import type { DocumentView } from './document-view.ts'
import { expiryOf } from '../../contract/expiry-of.ts'
import { compareValues } from '../../query/compare.ts'

/** Called before every change: open transactions keep what they may still read. */
export type Preserve = (collection: string, key: string, before: StoredDocument | undefined) => void

/** Called after every change. */
export type Note = (change: Omit<LoggedChange, 'position' | 'at' | 'collection'>) => void

/** In milliseconds. */
const sweepInterval = 60_000

export interface PutOptions {
  readonly unique?: 'check' | 'checked'
  /** It takes the place of the document, and is not the outcome of an update. */
  readonly replaces?: boolean
}

/** The documents and indexes of one collection. Every method is synchronous, and so atomic. */
export class MemoryCollection implements DocumentView {
  readonly name: string
  readonly records = new Map<string, MemoryRecord>()
  readonly indexes = new Map<string, MemoryIndex>()
  readonly #preserve: Preserve
  readonly #note: Note
  /** True once something was written or an index was made: reading alone makes no collection. */
  exists = false
  /** What its TTL indexes say. */
  expiry: readonly Expiry[] = []
  /** The order of insertion of the newest document. */
  lastSequence = 0
  #revision = 0
  #swept = 0

  constructor(name: string, preserve: Preserve, note: Note = () => {}) {
    this.name = name
    this.#preserve = preserve
    this.#note = note
    this.indexes.set(idIndex.name, new MemoryIndex(idIndex))
  }

  get(key: string): MemoryRecord | undefined {
    return this.records.get(key)
  }

  /** Inserts or replaces. `checked`: no unique key is taken. @throws DuplicateKeyError and changes nothing. */
  put(document: Document, { unique = 'check', replaces = false }: PutOptions = {}): void {
    const id = document['_id'] ?? null
    const key = idKey(id)
    const before = this.records.get(key)
    const sets = [...this.indexes.values()].map((index) => {
      const set = index.keysOf(document)
      if (unique === 'check') this.#refuseDuplicate(index, set, before)
      return [index, set] as const
    })
    this.exists = true
    this.#changing(key, before)
    const revision = ++this.#revision
    if (before !== undefined) {
      for (const [index, set] of sets) index.move(before, set)
      before.document = document
      before.revision = revision
      this.#note({ kind: replaces ? 'replace' : 'update', id, document })
      return
    }
    const record: MemoryRecord = { key, id, document, revision, sequence: ++this.lastSequence }
    this.records.set(key, record)
    for (const [index, set] of sets) index.add(record, set)
    this.#note({ kind: 'insert', id, document })
  }

  remove(key: string): void {
    const record = this.records.get(key)
    if (record === undefined) return
    this.#changing(key, record)
    for (const index of this.indexes.values()) index.remove(record)
    this.records.delete(key)
    this.#note({ kind: 'delete', id: record.id, document: undefined })
  }

  createIndex(given: IndexModel): void {
    const model = placedByBackend(given)
    const index = new MemoryIndex(model)
    for (const record of this.records.values()) {
      const set = index.keysOf(record.document)
      this.#refuseDuplicate(index, set)
      index.add(record, set)
    }
    this.indexes.set(model.name, index)
    this.exists = true
    this.expiry = expiryOf(modelsOf(this.indexes))
  }

  dropIndex(name: string): boolean {
    const dropped = this.indexes.delete(name)
    this.expiry = expiryOf(modelsOf(this.indexes))
    return dropped
  }

  /** Removes documents whose time has come, at most once a minute, as servers do: until then they are hidden. */
  sweep(now: number): void {
    if (this.expiry.length === 0 || Math.abs(now - this.#swept) < sweepInterval) return
    this.#swept = now
    for (const index of this.indexes.values()) {
      const due = expiryDate(index, now)
      if (due !== undefined) for (const { record } of expiredEntries(index, due)) this.remove(record.key)
    }
  }

  #refuseDuplicate(index: MemoryIndex, set: IndexKeySet | undefined, before?: MemoryRecord): void {
    if (!index.guards || set === undefined) return
    for (const record of index.holders(set)) if (record !== before) throw duplicateKey(this.name, index.model)
  }

  #changing(key: string, before: MemoryRecord | undefined): void {
    this.#preserve(this.name, key, before && { document: before.document, revision: before.revision })
  }
}

function modelsOf(indexes: ReadonlyMap<string, MemoryIndex>): readonly IndexModel[] {
  return [...indexes.values()].map(({ model }) => model)
}

/** The date until which documents of a TTL index are expired; undefined for other indexes. */
function expiryDate(index: MemoryIndex, now: number): Date | undefined {
  const seconds = index.model.expireAfterSeconds
  return seconds === undefined ? undefined : new Date(now - seconds * 1000)
}

/** Entries of a TTL index whose date has come. Dates sort after everything else, so they are at one end. */
function* expiredEntries(index: MemoryIndex, due: Date): Generator<IndexEntry, void> {
  const ascending = index.model.key[0]?.[1] === 1
  const bound = ascending ? new Date(-8.64e15) : due
  for (const entry of index.entries.from(({ key }) => index.compareKeys(key, [bound]) >= 0)) {
    const [date] = entry.key
    if (!(date instanceof Date) || compareValues(date, due) > 0) return
    yield entry
  }
}
