import type { DocumentId } from './document-id.ts'

export interface InsertOneResult {
  readonly insertedId: DocumentId
}

export interface InsertManyResult {
  readonly insertedCount: number
  /** In the order of the documents. */
  readonly insertedIds: readonly DocumentId[]
}

export interface UpdateResult {
  readonly matchedCount: number
  /** Documents that are different now; an update that changes nothing counts 0. */
  readonly modifiedCount: number
  readonly upsertedCount: 0 | 1
  readonly upsertedId: DocumentId | null
}

export interface DeleteResult {
  readonly deletedCount: number
}

export interface BulkWriteResult {
  readonly insertedCount: number
  readonly matchedCount: number
  readonly modifiedCount: number
  readonly deletedCount: number
  readonly upsertedCount: number
  /** By position of the operation. */
  readonly insertedIds: Readonly<Record<number, DocumentId>>
  readonly upsertedIds: Readonly<Record<number, DocumentId>>
}
