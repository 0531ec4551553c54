import { idOf } from '../document-id.ts'
import { open, type CollectionScope } from '../collection-scope.ts'
import { leftMidway } from '../write-error.ts'
import { emptyTotals, tally } from './bulk-totals.ts'
import type { Modified } from './modification.ts'
import { modify, nothingModified } from './modify.ts'
import { checkOptions } from '../checks/operation-options.ts'
import { prepare, type WriteRequest } from './prepare.ts'
import type { DeleteResult, UpdateResult } from '../results.ts'
import { replaceOneOptions, updateManyOptions, updateOneOptions, type GivenWriteOptions } from '../write-options.ts'

/** The requests that single and bulk writes are made of: checked options, nothing parsed yet. */
export const writeRequests = {
  updateOne(filter: unknown, update: unknown, options: GivenWriteOptions): WriteRequest {
    checkOptions(options, updateOneOptions)
    return { filter, source: { update, arrayFilters: options.arrayFilters }, multi: false, options }
  },
  updateMany(filter: unknown, update: unknown, options: GivenWriteOptions): WriteRequest {
    checkOptions(options, updateManyOptions)
    return { filter, source: { update, arrayFilters: options.arrayFilters }, multi: true, options }
  },
  replaceOne(filter: unknown, replacement: unknown, options: GivenWriteOptions): WriteRequest {
    checkOptions(options, replaceOneOptions)
    return { filter, source: { replacement }, multi: false, options }
  },
  deleteOne(filter: unknown, options: GivenWriteOptions): WriteRequest {
    checkOptions(options, ['mongodb'])
    return { filter, source: null, multi: false, options }
  },
  deleteMany(filter: unknown, options: GivenWriteOptions): WriteRequest {
    checkOptions(options, ['mongodb'])
    return { filter, source: null, multi: true, options }
  },
}

export async function executeWrite(scope: CollectionScope, request: WriteRequest): Promise<Modified> {
  const what = prepare(scope, request)
  const { options } = request
  const collection = await open(scope, options)
  const done = nothingModified()
  try {
    return await modify({ ...scope, options }, collection, { what, done })
  } catch (error) {
    const result = emptyTotals()
    tally(result, { at: 0, deletes: what.change === null, done })
    throw leftMidway(error, { session: scope.session, options, result })
  }
}

export async function update(scope: CollectionScope, request: WriteRequest): Promise<UpdateResult> {
  const { matched, modified, upserted } = await executeWrite(scope, request)
  return {
    matchedCount: matched,
    modifiedCount: modified,
    upsertedCount: upserted === null ? 0 : 1,
    upsertedId: upserted === null ? null : idOf(upserted),
  }
}

export async function remove(scope: CollectionScope, request: WriteRequest): Promise<DeleteResult> {
  const { modified } = await executeWrite(scope, request)
  return { deletedCount: modified }
}
