import { callContext, callOptionChecks } from '../store/store-context.ts'
import type { CallOptions } from '../store/session.ts'
import { DocumentValidationError, UnsupportedOperationError } from '../errors.ts'
import {
  idIndex,
  parseIndex,
  type IndexKeys,
  type IndexModel,
  type IndexOptions,
  type IndexProgress,
  type ListedIndex,
} from '../contract/index-model.ts'
import type { FieldTest, FilterNode } from '../query/filter-node.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { assertOptions, must } from '../../core/assert-options.ts'
import type { DriverCollection } from '../contract/driver-collection.ts'
import { UsageError } from '../../core/errors.ts'
import { assertPlainObject, kindOf } from '../../core/plain-object.ts'
import { assertArray } from './checks/assert-array.ts'
import { assertUnconfined, open, type CollectionScope } from './collection-scope.ts'

const createOptionChecks = { ...callOptionChecks, onProgress: must.beFunction }

/** How indexes are made, beside what they are. */
export interface CreateIndexesOptions extends CallOptions {
  /** Called with every change of state, and now and then while documents are indexed. */
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined
}

/** The options of one index, and how it is made. */
export interface CreateIndexOptions extends IndexOptions, CreateIndexesOptions {}

export async function createIndex(scope: CollectionScope, keys: IndexKeys, given: CreateIndexOptions): Promise<string> {
  assertUnconfined(scope, 'createIndex')
  const { signal, deadline, onProgress, ...options } = assertPlainObject(given, 'options')
  const model = checkedIndex(scope, keys, options)
  await makeIndex(scope, model, assertOptions({ signal, deadline, onProgress }, createOptionChecks))
  return model.name
}

async function makeIndex(scope: CollectionScope, model: IndexModel, options: CreateIndexesOptions): Promise<void> {
  const { onProgress, ...call } = options
  const collection = await openOutside(scope, call)
  await collection.createIndex(model, { ...callContext(scope.session, call), onProgress })
}

/** As MongoDB, whose servers neither change nor list indexes within a transaction. */
async function openOutside(scope: CollectionScope, call: CallOptions): Promise<DriverCollection> {
  const collection = await open(scope, call)
  if (!scope.session.transactional) return collection
  throw new UnsupportedOperationError('indexes cannot be changed or listed within a transaction', {
    hint: 'Use a collection of the store, before or after the transaction.',
  })
}

/**
 * Only what MongoDB takes for a partial index.
 *
 * @see https://www.mongodb.com/docs/manual/core/index-partial/
 */
function assertPartial(node: FilterNode): void {
  if (node.kind === 'and' || node.kind === 'or') return node.nodes.forEach(assertPartial)
  if (node.kind === 'constant' || (node.kind === 'field' && isPartialTest(node.test))) return
  throw new DocumentValidationError('the filter of a partial index cannot have this operator', {
    reason: 'CannotCreateIndex',
    path: 'partialFilterExpression',
    hint: 'Use equality, $exists: true, $gt, $gte, $lt, $lte, $type, $in, $and and $or.',
  })
}

function isPartialTest(test: FieldTest): boolean {
  if (test.kind === 'in') return test.patterns.length === 0
  return test.kind === 'compare' || test.kind === 'exists' || test.kind === 'type'
}

/** Refuses what the backend has not before anything is made of it. */
function checkedIndex(scope: CollectionScope, keys: IndexKeys, options: IndexOptions): IndexModel {
  const model = parseIndex(keys, options)
  if (model.partialFilterExpression !== undefined) assertPartial(parseFilter(model.partialFilterExpression))
  const { index } = scope.session.store.backend.capabilities
  const missing: (readonly [boolean, string])[] = [
    [index.create, 'indexes made through the data API'],
    [model.unique !== true || index.unique !== 'none', 'unique indexes'],
    [model.sparse !== true || index.sparse, 'sparse indexes'],
    [model.partialFilterExpression === undefined || index.partial, 'partial indexes'],
    [model.expireAfterSeconds === undefined || index.ttl, 'TTL indexes'],
  ]
  for (const [there, what] of missing) {
    if (there) continue
    throw new UnsupportedOperationError(`the driver '${scope.session.store.backend.name}' cannot create ${what}`, {
      hint: 'Check store.capabilities.index first.',
    })
  }
  return model
}

/** @throws DocumentValidationError for the index on `_id`, which every collection keeps. */
export async function dropIndex(scope: CollectionScope, name: string, options: CallOptions): Promise<boolean> {
  assertUnconfined(scope, 'dropIndex')
  const call = assertOptions(options, callOptionChecks)
  if (typeof name !== 'string') throw new UsageError(`the name of an index must be text, not ${kindOf(name)}`)
  if (name === idIndex.name) {
    throw new DocumentValidationError('the index on _id cannot be dropped', { reason: 'InvalidOptions', path: '' })
  }
  return (await openOutside(scope, call)).dropIndex(name, callContext(scope.session, call))
}

export async function listIndexes(scope: CollectionScope, options: CallOptions): Promise<readonly ListedIndex[]> {
  const call = assertOptions(options, callOptionChecks)
  return (await openOutside(scope, call)).listIndexes(callContext(scope.session, call))
}

/** One of several indexes: its keys beside its options, as MongoDB's driver has it. */
export interface IndexDescription extends IndexOptions {
  readonly key: IndexKeys
}

/** All are checked before the first is made. */
export async function createIndexes(
  scope: CollectionScope,
  indexes: readonly IndexDescription[],
  given: CreateIndexesOptions,
): Promise<string[]> {
  assertUnconfined(scope, 'createIndexes')
  const making = assertOptions(given, createOptionChecks)
  const models = assertArray(indexes, 'the indexes').map((index) => {
    const { key, ...options } = assertPlainObject(index, 'an index')
    return checkedIndex(scope, key, options)
  })
  if (models.length === 0) {
    throw new DocumentValidationError('createIndexes must have at least one index', { reason: 'BadValue', path: '' })
  }
  for (const model of models) await makeIndex(scope, model, making)
  return models.map(({ name }) => name)
}

/** All but the one on `_id`, which every collection keeps. */
export async function dropIndexes(scope: CollectionScope, options: CallOptions): Promise<number> {
  assertUnconfined(scope, 'dropIndexes')
  const names = (await listIndexes(scope, options)).map(({ name }) => name).filter((name) => name !== idIndex.name)
  let dropped = 0
  for (const name of names) if (await dropIndex(scope, name, options)) dropped += 1
  return dropped
}
