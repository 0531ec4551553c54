import type { Document } from '../query/value.ts'
import { open, type CollectionScope } from './collection-scope.ts'
import { copyForCaller } from './find.ts'
import { modify } from './modify.ts'
import { prepare, type WriteRequest } from './prepare.ts'
import { projector } from './projector.ts'
import type { FindOneAndReplaceOptions } from './write-options.ts'

export interface FindAndModifyRequest extends WriteRequest {
  readonly options: FindOneAndReplaceOptions
}

/** One document, changed and returned. Null when none matched, or when it was upserted and the one before is wanted. */
export async function findAndModify(scope: CollectionScope, request: FindAndModifyRequest): Promise<Document | null> {
  const returns = request.options.returnDocument ?? 'before'
  const modification = prepare(scope, { ...request, returns })
  const project = projector(scope, modification.query, request.options)
  const collection = await open(scope)
  const { before, after } = await modify({ ...scope, options: request.options }, collection, modification)
  const wanted = returns === 'after' ? after : before
  return (
    wanted && copyForCaller(collection.returnsOwnDocuments === true)(project === undefined ? wanted : project(wanted))
  )
}
