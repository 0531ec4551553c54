import { idIndex } from '../contract/index-model.ts'
import type { StoredDocument } from '../contract/query.ts'
import type { Write, WriteOutcome } from '../contract/write.ts'
import { isLexigramError } from '../../core/errors.ts'
import { duplicateKey } from '../contract/duplicate-key.ts'
import { UnsupportedOperationError, WriteConflictError } from '../errors.ts'
import { idKey } from '../query/value-key.ts'
import { lockKeys, type UniqueIndex } from '../keys/lock-keys.ts'
import type { Document, Value } from '../query/value.ts'

/** What a transaction has made of one document. */
export interface OwnWrite {
  readonly id: Value
  /** As it was read; undefined where it was inserted here. */
  readonly before: StoredDocument | undefined
  /** As it will be; undefined where it was deleted here. */
  readonly document: Document | undefined
  /** Its revision within the transaction. */
  readonly revision: unknown
  readonly generatedId: boolean
  /** The document is what a program has given as the whole of it. */
  readonly replaces: boolean
}

/** A document that was asked for by `_id`; without a revision it was not there. */
export interface OwnRead {
  readonly id: Value
  readonly revision: unknown
}

export interface OwnWritesOptions {
  readonly collection: string
  readonly indexes: readonly UniqueIndex[]
  /** Whether one more write is too many for the transaction. */
  readonly isFull: () => boolean
  /** Documents that one transaction may write. */
  readonly maxWrites: number
  /** Whether two revisions of a document are the same one. @default `===` */
  readonly sameRevision?: ((a: unknown, b: unknown) => boolean) | undefined
}

/** What one statement makes of a document. */
interface Change {
  /** As it is stored, where this is the first write of it. */
  readonly stored: Document | undefined
  /** As an earlier statement has left it. */
  readonly before: Document | undefined
  readonly after: Document | undefined
}

/** The documents of one collection that a transaction has written and read, in memory. */
export class OwnWrites {
  readonly written = new Map<string, OwnWrite>()
  readonly read = new Map<string, OwnRead>()
  readonly #options: OwnWritesOptions
  /** Who of the own documents holds a place in a unique index, by the name of its lock. */
  readonly #locks = new Map<string, string>()
  /**
   * Places that were taken while it was not known whether they are free, by the names of their locks. The commit demands that
   * they were, also if they are left again.
   */
  readonly claims = new Map<string, UniqueIndex>()
  /** Places of which a stored document was seen, or that were taken here. */
  readonly #known = new Set<string>()

  constructor(options: OwnWritesOptions) {
    this.#options = options
  }

  /** The paths of each unique index, that of `_id` among them: who holds a key is known at the commit only. */
  get uniqueKeys(): readonly (readonly string[])[] {
    return [['_id'], ...this.#options.indexes.map(({ key }) => key.map(([path]) => path))]
  }

  /** @throws WriteConflictError when the document is no longer what it was when it was first read here */
  noteRead(id: Value, revision: unknown): void {
    const key = idKey(id)
    const known = this.read.get(key)
    if (known !== undefined && !this.#same(known.revision, revision)) throw changed()
    this.read.set(key, { id, revision })
  }

  /** @throws UnsupportedOperationError for one write too many */
  async write(write: Write): Promise<WriteOutcome> {
    const id = (write.kind === 'insert' ? write.document : write.before.document)['_id'] ?? null
    const key = idKey(id)
    const own = this.written.get(key)
    if (own === undefined && this.#options.isFull()) throw tooManyWrites(this.#options.maxWrites)
    if (write.kind === 'insert') {
      const isThere = own === undefined ? this.read.get(key)?.revision !== undefined : own.document !== undefined
      if (isThere) return { kind: 'failed', error: duplicateKey(this.#options.collection, idIndex) }
    } else {
      const current = own?.document === undefined ? this.read.get(key)?.revision : own.revision
      if (own !== undefined && own.document === undefined) return { kind: 'conflict' }
      if (current !== undefined && !this.#same(current, write.before.revision)) return { kind: 'conflict' }
    }
    const document = write.kind === 'delete' ? undefined : write.document
    const stored = own === undefined && write.kind !== 'insert' ? write.before.document : undefined
    const refusal = await this.#takeLocks(key, { stored, before: own?.document, after: document })
    if (refusal !== undefined) return { kind: 'failed', error: refusal }
    this.written.set(key, {
      id,
      before: own === undefined ? (write.kind === 'insert' ? undefined : write.before) : own.before,
      document,
      revision: {},
      generatedId: write.kind === 'insert' && write.generatedId && own === undefined,
      replaces: write.kind === 'replace' && write.replaces === true,
    })
    return { kind: 'written' }
  }

  /**
   * Moves the locks from the document before to the one after. Returns an error when another document has one of them.
   */
  async #takeLocks(key: string, { stored, before, after }: Change): Promise<Error | undefined> {
    const taken = new Map<string, UniqueIndex>()
    const freed: string[] = []
    try {
      for (const index of this.#options.indexes) {
        const refusal = () => duplicateKey(this.#options.collection, index)
        for (const name of stored === undefined ? [] : await lockKeys(index, stored)) {
          // Taken by a statement before this one, while the document had it.
          if (this.claims.has(name)) return refusal()
          this.#known.add(name)
        }
        if (before !== undefined) freed.push(...(await lockKeys(index, before)))
        for (const name of after === undefined ? [] : await lockKeys(index, after)) {
          const holder = this.#locks.get(name)
          if (holder !== undefined && holder !== key) return refusal()
          taken.set(name, index)
        }
      }
    } catch (error) {
      // What cannot be indexed is refused as any other document that does not fit.
      if (isLexigramError(error)) return error
      throw error
    }
    for (const name of freed) this.#locks.delete(name)
    for (const [name, index] of taken) {
      this.#locks.set(name, key)
      if (!this.#known.has(name)) this.claims.set(name, index)
      this.#known.add(name)
    }
    return undefined
  }

  #same(a: unknown, b: unknown): boolean {
    const { sameRevision } = this.#options
    // Without a revision it was not there.
    if (sameRevision === undefined || a === undefined || b === undefined) return a === b
    return a === b || sameRevision(a, b)
  }
}

function changed(): WriteConflictError {
  return new WriteConflictError('the transaction cannot commit: another client wrote one of its documents in between')
}

function tooManyWrites(most: number): UnsupportedOperationError {
  return new UnsupportedOperationError(`a transaction of this backend cannot write more than ${most} documents`, {
    hint: 'Split the work, or check store.capabilities.transaction.maxWrites first.',
    details: { limit: most },
  })
}
