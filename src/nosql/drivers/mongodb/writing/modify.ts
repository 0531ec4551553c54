import type { DriverContext } from '../../../contract/context.ts'
import type { Modification, ModifyResult } from '../../../contract/write.ts'
import type { Document, Value } from '../../../query/value.ts'
import { fromBson } from '../codec/codec.ts'
import { withRegexFlags } from '../codec/regex.ts'
import { changeOf, filterOf, projectionOf, sortOf, sourceOf, vendorOptionsOf } from '../dialect.ts'
import { UnsupportedOperationError } from '../../../errors.ts'
import { blameExpression } from '../errors.ts'
import { present } from '../reading/present.ts'
import { callOptions, type CallOptions } from '../reading/reads.ts'
import type { Target } from '../transport/target.ts'
import { sendWrite } from '../transport/send.ts'

/** Updates, replacements and deletions as MongoDB has them: one request each. */
export async function modifyNatively(
  target: Target,
  command: Modification,
  context: DriverContext,
): Promise<ModifyResult> {
  const isOrdered = command.query.sort !== undefined && !command.multi
  const hasSort = isOrdered && target.held.wireVersion() >= wireVersionOfSort
  const isAboutOne = command.returns !== undefined || (isOrdered && !hasSort && !isPipeline(command))
  if (isOrdered && !isAboutOne && !hasSort) throw needsSort()
  const run = isAboutOne ? findAndModify : modify
  try {
    return await sendWrite(target, context, (sending) => run(target, command, callOptions(sending, context)))
  } catch (error) {
    throw blameExpression(error, command.change)
  }
}

/** MongoDB 8.0, whose updates have an order. */
const wireVersionOfSort = 25

/** Neither `findAndModify` nor this package, without an engine, knows whether one has changed the document. */
function isPipeline({ change }: Modification): boolean {
  return change?.kind === 'pipeline'
}

function needsSort(): UnsupportedOperationError {
  return new UnsupportedOperationError('an update by a pipeline cannot have a sort: it needs MongoDB 8.0', {
    hint: 'Use findOneAndUpdate.',
  })
}

async function modify(target: Target, command: Modification, call: CallOptions): Promise<ModifyResult> {
  const filter = filterOf(command.query)
  const { let: variables, mongodb } = sourceOf(command.query)
  const collection = target.collection()
  const given = variables === undefined ? call : { ...call, let: variables }
  const options = mongodb === undefined ? given : { ...given, ...present(vendorOptionsOf(mongodb)) }
  if (command.change === null) {
    const { deletedCount } = await (command.multi
      ? collection.deleteMany(filter, options)
      : collection.deleteOne(filter, options))
    return { matchedCount: deletedCount, modifiedCount: deletedCount }
  }
  const change = withIdOfUpsert(command)
  const sort = sortOf(command.query.sort)
  const order = sort === undefined || command.multi ? {} : { sort }
  const writeOptions = { ...options, ...order, ...upsertOptions(command) }
  const result = await ('replacement' in change
    ? collection.replaceOne(filter, { ...change.replacement }, writeOptions)
    : command.multi
      ? collection.updateMany(filter, change.update, writeOptions)
      : collection.updateOne(filter, change.update, writeOptions))
  const { matchedCount, modifiedCount, upsertedCount } = result
  return { matchedCount, modifiedCount, ...(upsertedCount > 0 && { upsertedId: idOf(result.upsertedId) }) }
}

/** For one document in an order, or one that is wanted back. */
async function findAndModify(target: Target, command: Modification, call: CallOptions): Promise<ModifyResult> {
  const { query, returns = 'before', change } = command
  const filter = filterOf(query)
  const { let: variables, mongodb } = sourceOf(query)
  const isWanted = command.returns !== undefined
  const projected = command.projection !== undefined
  const options = present({
    ...call,
    ...upsertOptions(command),
    let: variables,
    ...vendorOptionsOf(mongodb),
    sort: sortOf(query.sort),
    projection: isWanted ? (command.projection ?? projectionOf(query)) : undefined,
    includeResultMetadata: true as const,
  })
  const collection = target.collection()
  if (change === null) {
    const { value } = await collection.findOneAndDelete(filter, options)
    return resultOf(value, { isWanted, projected, modified: value === null ? 0 : 1 })
  }
  const native = withIdOfUpsert(command)
  const returning = { ...options, returnDocument: returns }
  const { value, lastErrorObject } = await ('replacement' in native
    ? collection.findOneAndReplace(filter, { ...native.replacement }, returning)
    : collection.findOneAndUpdate(filter, native.update, returning))
  // As the server describes a change.
  const { updatedExisting = false, upserted } = (lastErrorObject ?? {}) as {
    updatedExisting?: boolean
    upserted?: unknown
  }
  if (upserted !== undefined) {
    return {
      ...resultOf(returns === 'after' ? value : null, { isWanted, projected, modified: 0 }),
      matchedCount: 0,
      upsertedId: idOf(upserted),
    }
  }
  return {
    ...resultOf(value, { isWanted, projected, modified: modifiedBy(command, value) }),
    matchedCount: updatedExisting ? 1 : 0,
  }
}

/** The server does not say whether the one it found has changed; the document as it was does. */
function modifiedBy({ returns, change, apply, query }: Modification, value: unknown): number {
  if (value === null) return 0
  // A caller that gets the document does not get the number; and only the server can apply a pipeline.
  const isWhole = returns === undefined && change?.kind !== 'pipeline' && projectionOf(query) === undefined
  const before = value as Document // read by the vendor's codec
  if (!isWhole) return 1
  try {
    return apply(before) === before ? 0 : 1
  } catch {
    return 1 // the server has done what only it can do
  }
}

function resultOf(
  value: Record<string, unknown> | null,
  {
    isWanted,
    modified,
    projected,
  }: { readonly isWanted: boolean; readonly modified: number; readonly projected: boolean },
): ModifyResult {
  return {
    matchedCount: value === null ? 0 : 1,
    modifiedCount: modified,
    ...(isWanted && { document: value === null ? null : fromBson(value), projected }),
  }
}

export function upsertOptions({ upsert, change }: Modification) {
  const arrayFilters =
    change?.kind === 'operators' && change.arrayFilters.length > 0
      ? withRegexFlags([...change.arrayFilters])
      : undefined
  return present({ upsert: upsert ? true : undefined, arrayFilters })
}

/** An upsert whose filter has no `_id` gets the one that this package made, as every other backend does. */
export function withIdOfUpsert(command: Modification) {
  // Asked only where there is something to change.
  const native = changeOf(command.change as NonNullable<Modification['change']>, command)
  if (!command.upsert || command.insert === undefined) return native
  const { document, generatedId } = (command.seed ?? command.insert)()
  if (!generatedId) return native
  const { _id } = document
  const id = { _id: { $ifNull: ['$_id', { $literal: _id }] } }
  if ('replacement' in native) {
    // A document that is there keeps its own `_id`, which a plain replacement could not say.
    return { update: [{ $replaceWith: { $mergeObjects: [id, { $literal: native.replacement }] } }] }
  }
  if (Array.isArray(native.update)) return { update: [...native.update, { $set: id }] }
  const { $setOnInsert = {} } = native.update
  return { update: { ...native.update, $setOnInsert: { ...($setOnInsert as object), _id } } }
}

export function idOf(id: unknown): Value {
  return id as Value // what this package or MongoDB made an `_id`
}
