import type { Insert } from '../contract/write.ts'
import { NoSQLFilterError } from '../errors.ts'
import type { Document } from '../query/value.ts'
import type { OperationOptions } from './checks/operation-options.ts'
import { assertPlainObject } from './checks/plain-object.ts'
import { toInsert } from './checks/to-stored.ts'
import { atOneMoment, type CollectionScope } from './collection-scope.ts'
import type { Modification } from './modify.ts'
import { prepare, type WriteRequest } from './prepare.ts'
import type { Filter } from './question.ts'
import { writeRequests } from './update.ts'
import type { ReplaceOneOptions, Update, UpdateManyOptions, UpdateOneOptions } from './write-options.ts'

export type BulkOperation<T extends object = Document> =
  | { readonly insertOne: { readonly document: T } }
  | { readonly updateOne: { readonly filter: Filter; readonly update: Update } & UpdateOneOptions }
  | { readonly updateMany: { readonly filter: Filter; readonly update: Update } & UpdateManyOptions }
  | { readonly replaceOne: { readonly filter: Filter; readonly replacement: T } & ReplaceOneOptions }
  | { readonly deleteOne: { readonly filter: Filter } & OperationOptions }
  | { readonly deleteMany: { readonly filter: Filter } & OperationOptions }

/** One operation, parsed and checked. */
export type Step =
  | { readonly kind: 'insert'; readonly insert: Insert }
  | { readonly kind: 'modify'; readonly options: OperationOptions; readonly modification: Modification }

/** @throws {NoSQLFilterError | DocumentValidationError} for the first that is malformed */
export function parseOperations<T extends object>(
  scope: CollectionScope,
  operations: readonly BulkOperation<T>[],
  options: OperationOptions,
): readonly Step[] {
  if (!Array.isArray(operations) || operations.length === 0) {
    throw new NoSQLFilterError('A bulk write needs at least one operation.', { reason: 'InvalidLength', path: '' })
  }
  const moment = atOneMoment(scope)
  return operations.map((operation: BulkOperation<T>, index) => toStep(moment, { operation, index, options }))
}

function toStep<T extends object>(
  scope: CollectionScope,
  {
    operation,
    index,
    options,
  }: { readonly operation: BulkOperation<T>; readonly index: number; readonly options: OperationOptions },
): Step {
  const [kind, ...others] = Object.keys(assertPlainObject(operation, `operation ${index}`))
  if (others.length === 0 && 'insertOne' in operation) {
    return { kind: 'insert', insert: toInsert(scope, operation.insertOne.document) }
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
  return { kind: 'modify', options: merged.options, modification: prepare(scope, merged) }
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
