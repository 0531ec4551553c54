import { idOf, type DocumentId } from '../document-id.ts'
import type { BulkWriteResult } from '../results.ts'
import type { Modified } from './modification.ts'

/** A result that is being counted. */
export type Totals = {
  -readonly [K in keyof BulkWriteResult]: BulkWriteResult[K] extends number ? number : Record<number, DocumentId>
}

export function emptyTotals(): Totals {
  return {
    insertedCount: 0,
    matchedCount: 0,
    modifiedCount: 0,
    deletedCount: 0,
    upsertedCount: 0,
    insertedIds: {},
    upsertedIds: {},
  }
}

interface Change {
  /** The position of the operation. */
  readonly at: number
  readonly deletes: boolean
  readonly done: Modified
}

export function tally(totals: Totals, { at, deletes, done: { matched, modified, upserted } }: Change): void {
  if (deletes) totals.deletedCount += modified
  else {
    totals.matchedCount += matched
    totals.modifiedCount += modified
  }
  if (upserted === null) return
  totals.upsertedCount += 1
  totals.upsertedIds[at] = idOf(upserted)
}

/** Whether anything has been done. */
export function applied({ insertedCount, matchedCount, deletedCount, upsertedCount }: BulkWriteResult): boolean {
  return insertedCount + matchedCount + deletedCount + upsertedCount > 0
}
