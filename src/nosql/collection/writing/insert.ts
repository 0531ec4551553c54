import { BulkWriteError, type BulkOperationError } from '../../bulk-write-error.ts'
import type { Insert } from '../../contract/write.ts'
import { NoSQLFilterError } from '../../errors.ts'
import { assertArray } from '../checks/assert-array.ts'
import {
  checkOptions,
  notOfInsertions,
  type InsertOptions,
  type OperationOptions,
} from '../checks/operation-options.ts'
import { toInsert } from '../checks/to-stored.ts'
import { open, type CollectionScope } from '../collection-scope.ts'
import { idOf, type DocumentId } from '../document-id.ts'
import type { InsertManyResult, InsertOneResult } from '../results.ts'
import { inItsTurn } from '../../store/store-context.ts'
import { sendWrites } from './send-writes.ts'
import { toWriteError } from '../write-error.ts'

/** Options of `insertMany`. */
export interface InsertManyOptions extends InsertOptions {
  /** Stop at the first document that is refused. @default true */
  readonly ordered?: boolean | undefined
}

export async function insertOne(
  scope: CollectionScope,
  document: unknown,
  options: InsertOptions,
): Promise<InsertOneResult> {
  checkOptions(options, [], notOfInsertions)
  const insert = toInsert(scope, document)
  const { errors } = await insertAll(scope, [insert], options)
  if (errors[0] !== undefined) throw errors[0].error
  return { insertedId: idOf(insert.document) }
}

export async function insertMany(
  scope: CollectionScope,
  documents: readonly unknown[],
  options: InsertManyOptions,
): Promise<InsertManyResult> {
  checkOptions(options, ['ordered'], notOfInsertions)
  const given = assertArray(documents, 'the documents of insertMany')
  if (given.length === 0) {
    throw new NoSQLFilterError('insertMany must have at least one document', { reason: 'InvalidLength', path: '' })
  }
  const inserts = given.map((document) => toInsert(scope, document))
  const { errors, inserted } = await insertAll(scope, inserts, options)
  const insertedIds = inserted.map((index) => idOf(inserts[index]?.document ?? {}))
  if (errors.length === 0) return { insertedCount: inserted.length, insertedIds }
  throw new BulkWriteError(errors, {
    insertedCount: inserted.length,
    matchedCount: 0,
    modifiedCount: 0,
    deletedCount: 0,
    upsertedCount: 0,
    // One id for each position.
    insertedIds: Object.fromEntries(inserted.map((index, i) => [index, insertedIds[i] as DocumentId])),
    upsertedIds: {},
  })
}

/** Positions of the documents that were inserted, and what was wrong with the others. */
export interface Inserted {
  readonly inserted: readonly number[]
  readonly errors: readonly BulkOperationError[]
}

/** Inserts checked documents. @throws NoSQLConnectionError when none of them was sent */
export async function insertAll(
  scope: CollectionScope,
  writes: readonly Insert[],
  { ordered = true, ...options }: OperationOptions & Pick<InsertManyOptions, 'ordered'>,
): Promise<Inserted> {
  const collection = await open(scope, options)
  const { session } = scope
  const outcomes = await session.inTurn(() =>
    sendWrites({ ...scope, session: inItsTurn(session), options }, collection, { writes, ordered }),
  )
  const inserted: number[] = []
  const errors: BulkOperationError[] = []
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.kind === 'written') inserted.push(index)
    else errors.push({ index, error: toWriteError(session, outcome) })
  }
  return { inserted, errors }
}
