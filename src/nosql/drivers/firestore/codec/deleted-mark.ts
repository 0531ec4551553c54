import type { NotedOrder } from '../../../codec/noted-order.ts'
import { isArray, type Value } from '../../../query/value.ts'
import { decodeValue, encodeValue, type FirestoreValue } from './value-codec.ts'

/**
 * Firestore cannot ask for documents without a field. The mark of a soft deletion is therefore in every document that this
 * package stores: true where `{ _deleted: true }` finds it, else false.
 */
export const deletedField = '_deleted'

/** What the document really has in place of the mark. */
export interface DeletedNote {
  /** Nothing. */
  readonly d?: 1
  /** Neither true nor false. */
  readonly v?: FirestoreValue
}

interface Marked {
  readonly mark: FirestoreValue
  readonly note: DeletedNote
}

export function markOfDeleted(value: Value | undefined): Marked {
  const isFound = value === true || (value !== undefined && isArray(value) && value.includes(true))
  const mark = { booleanValue: isFound }
  if (value === undefined) return { mark, note: { d: 1 } }
  return { mark, note: typeof value === 'boolean' ? {} : { v: encodeValue(value) } }
}

/** Undefined where the document has no such field. Another program may have changed the mark: then it counts. */
export function deletedOf(
  stored: FirestoreValue | undefined,
  note: DeletedNote | undefined,
  order?: NotedOrder,
): Value | undefined {
  if (note?.v !== undefined) {
    const noted = decodeValue(note.v, order)
    if (stored === undefined || stored['booleanValue'] === markOfDeleted(noted).mark['booleanValue']) return noted
  }
  if (stored === undefined) return undefined
  const isAdded = stored['booleanValue'] === false && (note === undefined || note.d === 1)
  return isAdded ? undefined : decodeValue(stored)
}
