import type { DocumentId, WithId } from './document-id.ts'
import type { Projected } from './types/projection.ts'
import type { IdOf } from './types/stored.ts'

/** `Id` is the type of `_id` in the documents of the collection. */
export interface InsertOneResult<Id = DocumentId> {
  readonly insertedId: Id
}

/** The `_id` of each inserted document, by its position. */
export interface InsertManyResult<Id = DocumentId> {
  readonly insertedCount: number
  /** In the order of the documents. */
  readonly insertedIds: readonly Id[]
}

/** How many documents an update matched, changed and inserted. */
export interface UpdateResult<Id = DocumentId> {
  readonly matchedCount: number
  /** Documents that are different now; an update that changes nothing counts 0. */
  readonly modifiedCount: number
  readonly upsertedCount: 0 | 1
  readonly upsertedId: Id | null
}

/** How many documents were deleted. */
export interface DeleteResult {
  readonly deletedCount: number
}

/** What `findOneAndUpdate` and its siblings return with `includeResultMetadata`, in the words of MongoDB's driver. */
export interface FindAndModifyResult<T, Id = DocumentId> {
  /** The document as `returnDocument` wants it; null where there is none. */
  readonly value: T | null
  readonly ok: 1
  readonly lastErrorObject: {
    /** Documents that were changed, inserted or deleted. */
    readonly n: number
    /** Whether a document matched; absent for a deletion. */
    readonly updatedExisting?: boolean
    /** The `_id` of the document that was inserted because none matched. */
    readonly upserted?: Id
  }
}

/** What the operations of a bulk write have changed, in all. */
export interface BulkWriteResult<Id = DocumentId> {
  readonly insertedCount: number
  readonly matchedCount: number
  readonly modifiedCount: number
  readonly deletedCount: number
  readonly upsertedCount: number
  /** By position of the operation. */
  readonly insertedIds: Readonly<Record<number, Id>>
  readonly upsertedIds: Readonly<Record<number, Id>>
}

/** The document that `findOneAndUpdate` and its siblings return, or their report of the change. */
export type Found<T, P, Metadata extends boolean> = Metadata extends true
  ? FindAndModifyResult<Projected<WithId<T>, P>, IdOf<T>>
  : Projected<WithId<T>, P> | null
