import type { DocumentId } from '../document-id.ts'
import type { BulkWriteResult } from '../results.ts'

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

/** Whether anything has been done. */
export function applied({ insertedCount, matchedCount, deletedCount, upsertedCount }: Totals): boolean {
  return insertedCount + matchedCount + deletedCount + upsertedCount > 0
}
