import { DuplicateKeyError } from '../../../core/errors.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import { inItsTurn } from '../../store/store-context.ts'
import { isProven } from '../checks/proven.ts'
import { requireLocal } from '../server-expressions.ts'
import { changeAll } from './change-all.ts'
import { changeOne, insertMissing } from './change-one.ts'
import { type CollectionScope, open } from '../collection-scope.ts'
import { hideExpired } from '../expiry/expiry.ts'
import { nextAttempt, type Modification, type Modified, type Step } from './modification.ts'
import { planOf, type ReadContext, copyForCaller } from '../reading/read.ts'
import { boundsBytes, charged, documentsLeft, noSpending, writeCall, type Spending } from '../spending.ts'
import type { Document, Value } from '../../query/value.ts'
import { idOf } from '../document-id.ts'
import { prepare, type WriteRequest } from './prepare.ts'
import { projectedQuery } from '../reading/projector.ts'
import type { FindAndModifyResult } from '../results.ts'

/** Where a modification runs. */
export interface ModifyContext extends ReadContext, CollectionScope {
  readonly spending?: Spending | undefined
}

interface SpendingContext extends ModifyContext {
  readonly spending: Spending
}

/**
 * The backend's own way where that is as good as ours; else reads, applies and writes on the condition that no other
 * client has written in between. What was written in between is read and checked again.
 *
 * @throws WriteConflictError when the time or the attempts are used up, and at once within a transaction
 * @throws UnknownOutcomeError when a write was sent and not answered
 * @throws what a document refuses: documents before it stay changed, and `details` of the error says how many
 * @param done is kept up to date: also when this throws, it says what was done
 */
export function modify(
  scope: ModifyContext,
  collection: DriverCollection,
  { what: given, done = nothingModified() }: { readonly what: Modification; readonly done?: Modified },
): Promise<Modified> {
  return scope.session.inTurn(() => {
    const context = { ...scope, session: inItsTurn(scope.session), spending: scope.spending ?? noSpending() }
    const { expiry = [] } = collection
    const hides = expiry.length > 0
    const what = hides ? { ...given, query: hideExpired(given.query, expiry, given.now.getTime()) } : given
    return modifyInTurn(context, collection, { what, done })
  })
}

export function nothingModified(): Modified {
  return { matched: 0, modified: 0, before: null, after: null, upserted: null }
}

async function modifyInTurn(
  context: SpendingContext,
  collection: DriverCollection,
  { what, done }: Step,
): Promise<Modified> {
  if (collection.modify !== undefined && isProven(context, what) && mayReadUnasked(context, what)) {
    const native = await modifyNatively(context, collection, what)
    if (native !== undefined) return Object.assign(done, native)
  }
  if (what.needsServer === true) requireLocal(undefined, 'an expression')
  const run = () => readAndWrite(context, collection, { what, done })
  return collection.exclusive === undefined ? run() : collection.exclusive(run)
}

/**
 * What a backend reads for its own update is not known before it is over: of one document, at most that. One that is too
 * large to be returned must be refused before it is changed.
 */
function mayReadUnasked(context: ReadContext, { multi, returns }: Modification): boolean {
  return documentsLeft(context) >= (multi ? Infinity : 1) && (returns === undefined || !boundsBytes(context))
}

async function modifyNatively(
  context: SpendingContext,
  collection: DriverCollection,
  what: Modification,
): Promise<Modified | undefined> {
  await planOf(context, collection, what.query)
  try {
    const call = writeCall(context, context.options)
    const result = await charged(context, () => collection.modify?.(what, call))
    if (result === undefined) return undefined
    context.spending.scanned += what.multi ? 0 : result.matchedCount
    const { matchedCount: matched, modifiedCount: modified, upsertedId, document = null, projected } = result
    const upserted = upsertedId === undefined ? null : { _id: upsertedId }
    return { matched, modified, before: document, after: document, upserted, projected }
  } catch (error) {
    // The holder of the key may have expired, which the way that reads finds out.
    const mayHaveExpired = error instanceof DuplicateKeyError && (collection.expiry?.length ?? 0) > 0
    if (mayHaveExpired && !what.multi && !context.session.transactional) return undefined
    if (error instanceof Error) context.session.markFailed(error)
    throw error
  }
}

async function readAndWrite(
  context: ModifyContext,
  collection: DriverCollection,
  { what, done }: Step,
): Promise<Modified> {
  const since = Date.now()
  for (let attempt = 1, inserts = 0; ; attempt++) {
    const began = Date.now()
    const settled = what.multi
      ? await changeAll(context, collection, { what, done })
      : await changeOne(context, collection, { what, done })
    if (settled) {
      if (what.insert === undefined || done.matched > 0) return done
      // A second duplicate is not the work of a rival: another unique key is in the way.
      if (await insertMissing(context, collection, { insert: what.insert(), done, last: ++inserts > 1 })) return done
    }
    await nextAttempt(context, { number: attempt, since, began })
  }
}

/** One document, changed and returned. Null when none matched, or when it was upserted and the one before is wanted. */
export async function findAndModify(
  scope: CollectionScope,
  request: WriteRequest,
): Promise<Document | null | FindAndModifyResult<Document, Value>> {
  const { options, source } = request
  const returns = options.returnDocument ?? 'before'
  const prepared = prepare(scope, { ...request, returns })
  const {
    project,
    isComputed,
    source: sent,
  } = options.projection === undefined ? prepared.query : projectedQuery(scope, prepared.query, options)
  const { backend } = scope.session.store
  const needsServer = isComputed === true && sent !== undefined && backend.aggregation === undefined
  const what = { ...prepared, projection: sent?.projection, needsServer }
  const collection = await open(scope, options)
  const done = await modify({ ...scope, options }, collection, { what })
  const wanted = returns === 'after' ? done.after : done.before
  const copy = copyForCaller(collection.returnsOwnDocuments === true)
  const value = wanted && copy(project === undefined || done.projected === true ? wanted : project(wanted))
  return options.includeResultMetadata === true ? withMetadata(value, done, source === null) : value
}

function withMetadata(
  value: Document | null,
  { matched, upserted }: Modified,
  deletes: boolean,
): FindAndModifyResult<Document, Value> {
  const n = matched > 0 || upserted !== null ? 1 : 0
  const known = deletes ? { n } : { n, updatedExisting: matched > 0 }
  const inserted = upserted === null ? {} : { upserted: idOf(upserted) }
  return { value, ok: 1, lastErrorObject: { ...known, ...inserted } }
}
