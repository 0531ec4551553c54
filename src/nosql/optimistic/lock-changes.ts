import { lockKeys, type UniqueIndex } from '../keys/lock-keys.ts'
import { idKey } from '../query/value-key.ts'
import type { Document, Value } from '../query/value.ts'

/** A document as it was and as it will be; absent: it was not there, or will not be. */
export interface DocumentChange {
  readonly id: Value
  readonly before?: Document | undefined
  readonly after?: Document | undefined
}

/**
 * What becomes of one lock: the place of one key in a unique index, held by the document with an `_id`. Where it must be free
 * and stays free, a transaction has taken and left it.
 */
export interface LockChange {
  /** The name of the lock, different for each index and key. */
  readonly name: string
  readonly index: UniqueIndex
  /** Who must hold it, as the write's condition; undefined: it must be free. */
  readonly holder: Value | undefined
  /** Who holds it afterwards; undefined: it is free. */
  readonly next: Value | undefined
}

/**
 * The locks that change when documents are written together, each once: a key that moves from one document to another is
 * one change. Unchanged locks are left out.
 *
 * @throws DocumentValidationError for a document with two different arrays under one index
 */
export async function lockChanges(
  changes: readonly DocumentChange[],
  indexes: readonly UniqueIndex[],
): Promise<readonly LockChange[]> {
  const found = new Map<string, { index: UniqueIndex; holder: Value | undefined; next: Value | undefined }>()
  const entry = (name: string, index: UniqueIndex) => {
    let change = found.get(name)
    if (change === undefined) found.set(name, (change = { index, holder: undefined, next: undefined }))
    return change
  }
  for (const index of indexes) {
    for (const { id, before, after } of changes) {
      if (before !== undefined) for (const name of await lockKeys(index, before)) entry(name, index).holder = id
      if (after !== undefined) for (const name of await lockKeys(index, after)) entry(name, index).next = id
    }
  }
  return [...found].flatMap(([name, change]) => (staysPut(change) ? [] : [{ name, ...change }]))
}

function staysPut({ holder, next }: Pick<LockChange, 'holder' | 'next'>): boolean {
  return holder !== undefined && next !== undefined && idKey(holder) === idKey(next)
}
