import { BulkWriteError, type BulkOperationError } from '../bulk-write-error.ts'
import { idOf, type DocumentId } from './document-id.ts'
import { NoSQLFilterError } from '../errors.ts'
import type { Document } from '../query/value.ts'
import { open, type CollectionScope } from './collection-scope.ts'
import { checkOptions, type OperationOptions } from './checks/operation-options.ts'
import type { InsertManyResult, InsertOneResult } from './results.ts'
import { toWriteError } from './refusal.ts'
import { toStored } from './checks/to-stored.ts'

export interface InsertManyOptions extends OperationOptions {
  /** Stop at the first document that is refused. Default true. */
  readonly ordered?: boolean | undefined
}

export async function insertOne(
  scope: CollectionScope,
  document: unknown,
  options: OperationOptions,
): Promise<InsertOneResult> {
  checkOptions(options, [])
  const stored = toStored(scope, document)
  const { errors } = await insertStored(scope, [stored], true)
  if (errors[0] !== undefined) throw errors[0].error
  return { insertedId: idOf(stored) as DocumentId }
}

export async function insertMany(
  scope: CollectionScope,
  documents: readonly unknown[],
  options: InsertManyOptions,
): Promise<InsertManyResult> {
  checkOptions(options, ['ordered'])
  if (!Array.isArray(documents) || documents.length === 0) {
    throw new NoSQLFilterError('insertMany needs at least one document.', { reason: 'InvalidLength', path: '' })
  }
  const stored = documents.map((document) => toStored(scope, document))
  const { errors, inserted } = await insertStored(scope, stored, options.ordered ?? true)
  const insertedIds = inserted.map((index) => idOf(stored[index] ?? {}) as DocumentId)
  if (errors.length === 0) return { insertedCount: inserted.length, insertedIds }
  throw new BulkWriteError(errors, {
    insertedCount: inserted.length,
    matchedCount: 0,
    modifiedCount: 0,
    deletedCount: 0,
    upsertedCount: 0,
    insertedIds: Object.fromEntries(inserted.map((index, i) => [index, insertedIds[i] as DocumentId])),
    upsertedIds: {},
  })
}

/** Positions of the documents that were inserted, and what was wrong with the others. */
export interface Inserted {
  readonly inserted: readonly number[]
  readonly errors: readonly BulkOperationError[]
}

/** Inserts checked documents in batches of the size that the backend takes. */
export async function insertStored(
  scope: CollectionScope,
  documents: readonly Document[],
  ordered: boolean,
): Promise<Inserted> {
  const { store } = scope.session
  const { writeBatch } = store.backend.capabilities.limits
  const collection = await open(scope)
  const inserted: number[] = []
  const errors: BulkOperationError[] = []
  for (let start = 0; start < documents.length; start += writeBatch) {
    const writes = documents
      .slice(start, start + writeBatch)
      .map((document) => ({ kind: 'insert', document, generatedId: false }) as const)
    const outcomes = await collection.write(writes, { ...store.context(), ordered })
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.kind === 'written') inserted.push(start + i)
      else errors.push({ index: start + i, error: toWriteError(scope.session, outcome) })
    }
    if (ordered && errors.length > 0) break
  }
  return { inserted, errors }
}
