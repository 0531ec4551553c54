import type { Document } from '../../query/value.ts'
import type { Insert } from '../../contract/write.ts'
import { NoSQLFilterError } from '../../errors.ts'
import { ofWholeBulk, type OperationOptions, type QueryOptions } from '../checks/operation-options.ts'
import { assertOptions, must } from '../../../core/assert-options.ts'
import { UsageError } from '../../../core/errors.ts'
import { meantName } from '../../../core/nearest-name.ts'
import { assertArray } from '../checks/assert-array.ts'
import type { OptionalId, Replacement } from '../types/stored.ts'
import { assertPlainObject } from '../../../core/plain-object.ts'
import { toInsert } from '../checks/to-stored.ts'
import { atOneMoment, type CollectionScope, withExpressions } from '../collection-scope.ts'
import { expressionsByShape } from '../server-expressions.ts'
import type { Modification } from './modification.ts'
import { type MeteredOptions, meterOf } from '../spending.ts'
import { prepare, type WriteRequest } from './prepare.ts'
import type { Filter } from '../types/filter.ts'
import { writeRequests } from './update.ts'
import type { GivenWriteOptions, ReplaceOneOptions, UpdateManyOptions, UpdateOneOptions } from '../write-options.ts'
import type { Update } from '../types/update.ts'

/** One operation of a bulk write. */
export type BulkOperation<T = Document> =
  | { readonly insertOne: { readonly document: OptionalId<T> } }
  | { readonly updateOne: UpdateOperation<T> & OfOne<UpdateOneOptions<T>> }
  | { readonly updateMany: UpdateOperation<T> & OfOne<UpdateManyOptions> }
  | {
      readonly replaceOne: { readonly filter: Filter<T>; readonly replacement: Replacement<T> } & OfOne<
        ReplaceOneOptions<T>
      >
    }
  | { readonly deleteOne: { readonly filter: Filter<T> } & OfOne<QueryOptions> }
  | { readonly deleteMany: { readonly filter: Filter<T> } & OfOne<QueryOptions> }

/** What one operation may say for itself; all else is said of the whole. */
type OfOne<Options> = Omit<Options, 'budget' | 'scans' | 'signal' | 'deadline' | 'session'>

interface UpdateOperation<T> {
  readonly filter: Filter<T>
  readonly update: Update<T>
}

/** One operation, parsed and checked. */
export type Step =
  | { readonly kind: 'insert'; readonly insert: Insert }
  | { readonly kind: 'modify'; readonly options: OperationOptions; readonly modification: Modification }
  /** An expression of it cannot be evaluated, which a server finds out only when it comes to the operation. */
  | { readonly kind: 'refused'; readonly error: NoSQLFilterError }

/** @throws NoSQLFilterError or DocumentValidationError or UsageError for the first whose form is wrong */
export function parseOperations(
  scope: CollectionScope,
  operations: readonly unknown[],
  options: OperationOptions,
): readonly Step[] {
  const given = assertArray(operations, 'the operations of a bulk write')
  if (given.length === 0) {
    throw new NoSQLFilterError('a bulk write must have at least one operation', { reason: 'InvalidLength', path: '' })
  }
  const moment = atOneMoment(scope)
  const metered = { ...options, meter: meterOf(scope, options) }
  return given.map((operation, index) => toStep(moment, { operation, index, options: metered }))
}

interface Given {
  readonly operation: unknown
  readonly index: number
  readonly options: MeteredOptions
}

function toStep(scope: CollectionScope, { operation, index, options }: Given): Step {
  const what = `operation ${index} of a bulk write`
  const [entry, ...others] = Object.entries(assertPlainObject(operation, what))
  const toRequest = entry && Object.hasOwn(requestsOf, entry[0]) ? requestsOf[entry[0]] : undefined
  if (entry === undefined || others.length > 0 || (entry[0] !== 'insertOne' && toRequest === undefined)) {
    throw notAnOperation(what, others.length > 0 ? '' : (entry?.[0] ?? ''), index)
  }
  const [kind, body] = entry
  if (toRequest === undefined) {
    // Checked by `assertOptions` and `toInsert`.
    const { document } = assertOptions(body as InsertBody, { document: must.beAnything }, `${kind} of ${what}`)
    return { kind: 'insert', insert: toInsert(scope, document) }
  }
  const given = assertPlainObject(body as Body, `${kind} of ${what}`) // each member is checked where it is used
  const withheld = ofWholeBulk.names.find((name) => name in given)
  if (withheld !== undefined) {
    throw new UsageError(`${kind} of ${what} cannot hold '${withheld}': ${ofWholeBulk.why}`, {
      hint: 'Pass it as an option of bulkWrite.',
    })
  }
  const request = toRequest(given)
  const merged = { ...request, options: { ...options, ...request.options, let: request.options.let ?? options.let } }
  try {
    return { kind: 'modify', options: merged.options, modification: prepare(scope, merged) }
  } catch (error) {
    if (!(error instanceof NoSQLFilterError) || !isWellFormed(scope, merged)) throw error
    return { kind: 'refused', error }
  }
}

/** Whether nothing is wrong with a write but what its expressions say. */
function isWellFormed(scope: CollectionScope, request: WriteRequest): boolean {
  try {
    prepare(withExpressions(scope, expressionsByShape()), request)
    return true
  } catch {
    return false
  }
}

interface InsertBody {
  readonly document: unknown
}

/** What comes with the filter and the change is an option. */
interface Body extends GivenWriteOptions {
  readonly filter: unknown
  readonly update?: unknown
  readonly replacement?: unknown
}

const requestsOf: Readonly<Record<string, (body: Body) => WriteRequest>> = {
  updateOne: ({ filter, update, ...options }) => writeRequests.updateOne(filter, update, options),
  updateMany: ({ filter, update, ...options }) => writeRequests.updateMany(filter, update, options),
  replaceOne: ({ filter, replacement, ...options }) => writeRequests.replaceOne(filter, replacement, options),
  deleteOne: ({ filter, ...options }) => writeRequests.deleteOne(filter, options),
  deleteMany: ({ filter, ...options }) => writeRequests.deleteMany(filter, options),
}

function notAnOperation(what: string, kind: string, index: number): NoSQLFilterError {
  const names = ['insertOne', ...Object.keys(requestsOf)]
  return new NoSQLFilterError(`${what} must have one key, the name of an operation`, {
    reason: 'FailedToParse',
    path: String(index),
    hint: meantName(kind, names),
  })
}
