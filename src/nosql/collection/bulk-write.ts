import { DomainError } from '../../core/errors.ts'
import { BulkWriteError, type BulkOperationError } from '../bulk-write-error.ts'
import { idOf, type DocumentId } from './document-id.ts'
import { NoSQLFilterError } from '../errors.ts'
import { assertPlainObject } from './checks/plain-object.ts'
import type { Document } from '../query/value.ts'
import { atOneMoment, open, type CollectionScope } from './collection-scope.ts'
import { insertStored } from './insert.ts'
import { modify, type Modification, type Modified } from './modify.ts'
import { checkOptions, type OperationOptions } from './checks/operation-options.ts'
import { meterOf, type MeteredOptions } from './operation-meter.ts'
import { prepare, type WriteRequest } from './prepare.ts'
import type { Filter } from './question.ts'
import type { BulkWriteResult } from './results.ts'
import { toStored } from './checks/to-stored.ts'
import { writeRequests } from './update.ts'
import type { ReplaceOneOptions, Update, UpdateManyOptions, UpdateOneOptions } from './write-options.ts'

export type BulkOperation<T extends object = Document> =
  | { readonly insertOne: { readonly document: T } }
  | { readonly updateOne: { readonly filter: Filter; readonly update: Update } & UpdateOneOptions }
  | { readonly updateMany: { readonly filter: Filter; readonly update: Update } & UpdateManyOptions }
  | { readonly replaceOne: { readonly filter: Filter; readonly replacement: T } & ReplaceOneOptions }
  | { readonly deleteOne: { readonly filter: Filter } & OperationOptions }
  | { readonly deleteMany: { readonly filter: Filter } & OperationOptions }

export interface BulkWriteOptions extends OperationOptions {
  /** One after the other, stopping at the first that is refused. Default true. */
  readonly ordered?: boolean | undefined
}

type Step =
  | { readonly kind: 'insert'; readonly document: Document }
  | { readonly kind: 'modify'; readonly request: WriteRequest; readonly modification: Modification }

type Totals = {
  -readonly [K in keyof BulkWriteResult]: BulkWriteResult[K] extends number ? number : Record<number, DocumentId>
}

/**
 * Every operation is parsed before the first is sent, so a malformed one changes nothing.
 *
 * @throws {BulkWriteError} when operations were refused by the backend, with what was applied.
 */
export async function bulkWrite<T extends object>(
  scope: CollectionScope,
  operations: readonly BulkOperation<T>[],
  given: BulkWriteOptions,
): Promise<BulkWriteResult> {
  const { ordered = true, ...options } = assertPlainObject(given, 'options')
  checkOptions({ ...options, ordered }, ['ordered'])
  if (!Array.isArray(operations) || operations.length === 0) {
    throw new NoSQLFilterError('A bulk write needs at least one operation.', { reason: 'InvalidLength', path: '' })
  }
  const moment = atOneMoment(scope)
  const metered = { ...options, meter: meterOf(scope, options) }
  const steps = operations.map((operation: BulkOperation<T>, index) =>
    toStep(moment, { operation, index, options: metered }),
  )
  const totals: Totals = {
    insertedCount: 0,
    matchedCount: 0,
    modifiedCount: 0,
    deletedCount: 0,
    upsertedCount: 0,
    insertedIds: {},
    upsertedIds: {},
  }
  const errors: BulkOperationError[] = []
  let index = 0
  while (index < steps.length) {
    const documents = insertsFrom(steps, index)
    const failed =
      documents.length > 0
        ? await insertRun(scope, { documents, index, ordered, totals })
        : await modifyOne(scope, { step: steps[index], index, totals })
    errors.push(...failed)
    if (ordered && errors.length > 0) break
    index += Math.max(1, documents.length)
  }
  if (errors.length > 0) throw new BulkWriteError(errors, totals)
  return totals
}

function toStep<T extends object>(
  scope: CollectionScope,
  {
    operation,
    index,
    options,
  }: { readonly operation: BulkOperation<T>; readonly index: number; readonly options: MeteredOptions },
): Step {
  const [kind, ...others] = Object.keys(assertPlainObject(operation, `operation ${index}`))
  if (others.length === 0 && 'insertOne' in operation) {
    return { kind: 'insert', document: toStored(scope, operation.insertOne.document) }
  }
  const request = others.length === 0 ? toRequest(operation) : undefined
  if (request === undefined) {
    throw new NoSQLFilterError(`Operation ${index} is none of those that a bulk write has.`, {
      reason: 'FailedToParse',
      path: `${index}.${kind ?? ''}`,
      hint: 'Use insertOne, updateOne, updateMany, replaceOne, deleteOne or deleteMany, one per entry.',
    })
  }
  const merged = { ...request, options: { ...options, ...request.options } }
  return { kind: 'modify', request: merged, modification: prepare(scope, merged) }
}

function toRequest<T extends object>(operation: BulkOperation<T>): WriteRequest | undefined {
  if ('updateOne' in operation) {
    const { filter, update, ...rest } = operation.updateOne
    return writeRequests.updateOne(filter, update, rest)
  }
  if ('updateMany' in operation) {
    const { filter, update, ...rest } = operation.updateMany
    return writeRequests.updateMany(filter, update, rest)
  }
  if ('replaceOne' in operation) {
    const { filter, replacement, ...rest } = operation.replaceOne
    return writeRequests.replaceOne(filter, replacement, rest)
  }
  if ('deleteOne' in operation) {
    const { filter, ...rest } = operation.deleteOne
    return writeRequests.deleteOne(filter, rest)
  }
  if ('deleteMany' in operation) {
    const { filter, ...rest } = operation.deleteMany
    return writeRequests.deleteMany(filter, rest)
  }
  return undefined
}

/** The documents of the insertions that follow each other from here: they are sent together. */
function insertsFrom(steps: readonly Step[], start: number): readonly Document[] {
  const documents: Document[] = []
  for (let step = steps[start]; step?.kind === 'insert'; step = steps[start + documents.length])
    documents.push(step.document)
  return documents
}

interface Run {
  readonly documents: readonly Document[]
  readonly index: number
  readonly ordered: boolean
  readonly totals: Totals
}

async function insertRun(
  scope: CollectionScope,
  { documents, index, ordered, totals }: Run,
): Promise<BulkOperationError[]> {
  const { inserted, errors } = await insertStored(scope, documents, ordered)
  totals.insertedCount += inserted.length
  for (const i of inserted) totals.insertedIds[index + i] = idOf(documents[i] ?? {}) as DocumentId
  return errors.map((failed) => ({ ...failed, index: index + failed.index }))
}

async function modifyOne(
  scope: CollectionScope,
  { step, index, totals }: { readonly step: Step | undefined; readonly index: number; readonly totals: Totals },
): Promise<BulkOperationError[]> {
  if (step?.kind !== 'modify') return []
  const { request, modification } = step
  const collection = await open(scope)
  let outcome: Modified
  try {
    outcome = await modify({ ...scope, options: request.options }, collection, modification)
  } catch (error) {
    // A lost connection ends the whole, whatever the order.
    if (error instanceof DomainError) return [{ index, error }]
    throw error
  }
  const { matched, modified, upserted } = outcome
  if (request.source === null) totals.deletedCount += modified
  else {
    totals.matchedCount += matched
    totals.modifiedCount += modified
  }
  if (upserted !== null) {
    totals.upsertedCount += 1
    totals.upsertedIds[index] = idOf(upserted) as DocumentId
  }
  return []
}
