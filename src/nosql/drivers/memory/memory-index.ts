import { idIndex, type IndexModel } from '../../contract/index-model.ts'
import type { IndexShape } from '../../plan/index-shape.ts'
import { compareValues } from '../../query/compare.ts'
import { compileFilter } from '../../query/filter/compile-filter.ts'
import { parseFilter } from '../../query/filter/parse-filter.ts'
import type { FilterNode } from '../../query/filter-node.ts'
import type { Document, Value } from '../../query/value.ts'
import { indexKeys, type IndexKeySet } from '../../keys/index-keys.ts'
import { SortedEntries } from './sorted-entries.ts'

/** A document as the memory store holds it. The document itself is never changed, only replaced. */
export interface MemoryRecord {
  readonly key: string
  readonly id: Value
  document: Document
  revision: number
  /** Order of insertion. */
  readonly sequence: number
}

export interface IndexEntry {
  readonly key: readonly Value[]
  readonly record: MemoryRecord
}

/** An index as a plan sees it, at one moment: a later document may bring the first array. */
export interface MemoryShape extends IndexShape {
  readonly source: MemoryIndex
}

/** Entries in key order, ties by `_id`; a document has one per element where a path goes through an array. */
export class MemoryIndex {
  readonly model: IndexModel
  readonly paths: readonly (readonly string[])[]
  readonly entries: SortedEntries<IndexEntry>
  /** True once a document with an array under one of the paths has been added. */
  multikey = false
  /** The index as plans see it now. */
  shape: MemoryShape
  readonly #directions: readonly number[]
  readonly #partial: FilterNode | undefined
  readonly #includes: (document: Document) => boolean

  constructor(model: IndexModel) {
    const { partialFilterExpression: partial } = model
    this.model = model
    const { name, key, sparse } = model
    this.#partial = partial === undefined ? undefined : parseFilter(partial)
    this.#includes = this.#partial === undefined ? () => true : compileFilter(this.#partial)
    this.paths = model.key.map(([path]) => path.split('.'))
    this.#directions = model.key.map(([, direction]) => direction)
    this.shape = { name, key, sparse, partial: this.#partial, arrays: 'none', source: this }
    this.entries = new SortedEntries(
      (a, b) => this.compareKeys(a.key, b.key) || compareValues(a.record.id, b.record.id),
    )
  }

  compareKeys(a: readonly Value[], b: readonly Value[]): number {
    for (let position = 0; position < this.#directions.length; position++) {
      const order = compareValues(a[position], b[position])
      if (order !== 0) return order * (this.#directions[position] as number) // the loop ends at their number
    }
    return 0
  }

  /** Undefined when the document has no place in this index. @throws DocumentValidationError for parallel arrays. */
  keysOf(document: Document): IndexKeySet | undefined {
    if (!this.#includes(document)) return undefined
    const set = indexKeys(document, this.paths)
    if (this.model.sparse === true && !set.exists) return undefined
    if (!set.multikey) return set
    const keys = [...set.keys].sort((a, b) => this.compareKeys(a, b))
    return { ...set, keys: keys.filter((key, i) => i === 0 || this.compareKeys(key, keys[i - 1] ?? []) !== 0) }
  }

  add(record: MemoryRecord, set: IndexKeySet | undefined): void {
    if (set === undefined) return
    if (set.multikey && !this.multikey) {
      this.multikey = true
      this.shape = { ...this.shape, arrays: 'entries' }
    }
    for (const key of set.keys) this.entries.add({ key, record })
  }

  /** Removes the record from the keys of its present document. */
  remove(record: MemoryRecord): void {
    for (const key of this.keysOf(record.document)?.keys ?? []) this.entries.remove({ key, record })
  }

  /** Moves a record from its present document's keys to those of the next, if they differ. */
  move(record: MemoryRecord, next: IndexKeySet | undefined): void {
    const { keys = [] } = this.keysOf(record.document) ?? {}
    const same =
      keys.length === (next?.keys.length ?? 0) &&
      keys.every((key, i) => this.compareKeys(key, next?.keys[i] ?? []) === 0)
    if (same) return
    for (const key of keys) this.entries.remove({ key, record })
    this.add(record, next)
  }

  /** The same index over no documents. */
  emptied(): MemoryIndex {
    return new MemoryIndex(this.model)
  }

  /** Whether keys have to be looked up to keep this index unique; `_id` is by itself. */
  get guards(): boolean {
    return this.model.unique === true && this.model !== idIndex
  }

  /** Records under one of the keys. */
  *holders(set: IndexKeySet): Generator<MemoryRecord, void> {
    for (const key of set.keys) {
      for (const entry of this.entries.from((other) => this.compareKeys(other.key, key) >= 0)) {
        if (this.compareKeys(entry.key, key) !== 0) break
        yield entry.record
      }
    }
  }
}
