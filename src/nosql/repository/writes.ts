import { asError } from '../../core/abort-reason.ts'
import { DomainError, OptimisticLockError } from '../../core/errors.ts'
import { BulkWriteError } from '../bulk-write-error.ts'
import type { Collection } from '../collection/collection.ts'
import type { WithId } from '../collection/document-id.ts'
import type { Update } from '../collection/types/update.ts'
import { emptyTotals } from '../collection/writing/bulk-totals.ts'
import { NoSQLConnectionError, WriteConflictError } from '../errors.ts'
import type { Document } from '../query/value.ts'
import type { RepositoryCall } from './call.ts'
import { toBookkeepingUpdate, toInsert, toUpdate } from './document-mapping.ts'
import { identitiesFilter, identityFilter } from './identity.ts'
import { deletedAtField, deletedField } from './options.ts'

type Stored = WithId<Document>
type Mapped = Readonly<Record<string, unknown>>

/** Where a repository writes, during one call. */
export interface Target {
  readonly collection: Collection
  readonly call: RepositoryCall
}

/** Stores what an entity maps to, in one write. @throws OptimisticLockError when it is not the version that is stored */
export async function storeDocument({ collection, call }: Target, document: Mapped): Promise<Stored> {
  const { versionField: field } = call
  if (isNew(document, field)) {
    const inserted = toInsert(document, call)
    const { insertedId } = await collection.insertOne(inserted)
    return { ...inserted, _id: insertedId }
  }
  const filter = identityFilter(document['_id'], field === undefined ? undefined : { field, value: document[field] })
  const options = { upsert: field === undefined, returnDocument: 'after' } as const
  const stored = await collection.findOneAndUpdate(filter, toUpdate(document, call), options)
  if (stored === null) throw outdated(collection.name)
  return stored
}

/**
 * Stores several, each by itself in its version. @throws the first refusal, with what was stored before it
 */
export async function storeInTurn(target: Target, documents: readonly Mapped[]): Promise<Stored[]> {
  const stored: Stored[] = []
  const totals = emptyTotals()
  for (const [index, document] of documents.entries()) {
    try {
      const saved = await storeDocument(target, document)
      stored.push(saved)
      if (isNew(document, target.call.versionField)) {
        totals.insertedCount += 1
        totals.insertedIds[index] = saved._id
      } else {
        totals.matchedCount += 1
        totals.modifiedCount += 1
      }
    } catch (error) {
      // As in any bulk write, a backend that is lost before anything is stored ends the whole with its own error.
      if (index === 0 && !(error instanceof DomainError)) throw error
      throw refusalOf(new BulkWriteError([{ index, error: asError(error) }], totals))
    }
  }
  return stored
}

/** Stores several in one bulk write, and says which ids they have, in order. */
export async function storeDocuments({ collection, call }: Target, documents: readonly Mapped[]): Promise<unknown[]> {
  const writes = documents.map((document) =>
    document['_id'] === undefined
      ? { insertOne: { document: toInsert(document, call) } }
      : { updateOne: { filter: identityFilter(document['_id']), update: toUpdate(document, call), upsert: true } },
  )
  const { insertedIds } = await collection.bulkWrite(writes).catch((error: unknown) => {
    throw refusalOf(error)
  })
  return documents.map((document, index) => document['_id'] ?? insertedIds[index])
}

/** How many there were to remove for good. */
export async function removeDocuments({ collection }: Target, ids: readonly unknown[]): Promise<number> {
  return (await collection.deleteMany(identitiesFilter(ids))).deletedCount
}

/** How many there were to mark as deleted. */
export async function markDocuments({ collection, call }: Target, ids: readonly unknown[]): Promise<number> {
  return (await collection.updateMany(identitiesFilter(ids), deletion(call))).matchedCount
}

/** Deletes one of this version. @throws OptimisticLockError when it has another one, or is not there */
export async function deleteVersion(
  { collection, call }: Target,
  { id, version, marks }: { readonly id: unknown; readonly version: unknown; readonly marks: boolean },
): Promise<true> {
  const field = call.versionField ?? ''
  const filter = identityFilter(id, { field, value: version })
  const count = marks
    ? (await collection.updateOne(filter, deletion(call))).matchedCount
    : (await collection.deleteOne(filter)).deletedCount
  if (count > 0) return true
  throw outdated(collection.name)
}

/** Takes the mark of deletion from one. */
export async function unmarkDocument({ collection, call }: Target, id: unknown): Promise<boolean> {
  const filter = Object.assign({}, identityFilter(id), { [deletedField]: { $eq: true } })
  const unmark = toBookkeepingUpdate({ $unset: { [deletedField]: '', [deletedAtField]: '' } }, call)
  return (await collection.updateOne(filter, unmark)).matchedCount > 0
}

/** What has been stored is read again to be returned; it cannot be when it was deleted in between. */
export function goneMeanwhile(collection: string): WriteConflictError {
  return new WriteConflictError(`a document in '${collection}' cannot be returned: it was deleted while it was saved`, {
    hint: 'Read the documents again: all of them were stored.',
    publicMessage: 'a document cannot be returned: it was deleted while it was saved',
  })
}

/** The same where the database is lost in between. @throws NoSQLConnectionError */
export function notReadAgain(collection: string, cause: unknown): never {
  throw new NoSQLConnectionError(
    `documents in '${collection}' cannot be returned: they were stored, and cannot be read again`,
    { hint: 'Read them later, and do not save them again.', cause },
  )
}

/** What `save` would have thrown for the one that was refused: its details say which, and what was stored before it. */
function refusalOf(thrown: unknown): unknown {
  if (!(thrown instanceof BulkWriteError) || thrown.errors.length > 1) return thrown
  const [refused] = thrown.errors
  if (!(refused?.error instanceof DomainError)) return thrown
  const { index, error } = refused
  return Object.assign(error, { details: { ...error.details, index, result: thrown.result } })
}

function deletion(call: RepositoryCall): Update {
  return toBookkeepingUpdate({ $set: { [deletedField]: true, [deletedAtField]: call.now } }, call)
}

/** With the optimistic lock, what has no version has never been stored. */
function isNew(document: Mapped, versionField: string | undefined): boolean {
  return document['_id'] === undefined || (versionField !== undefined && document[versionField] === undefined)
}

function outdated(collection: string): OptimisticLockError {
  return new OptimisticLockError(
    `a document in '${collection}' cannot be saved: it was changed or deleted since it was read`,
    {
      hint: 'Read it again, repeat the change and save.',
      publicMessage: 'the document cannot be saved: it was changed or deleted since it was read',
    },
  )
}
