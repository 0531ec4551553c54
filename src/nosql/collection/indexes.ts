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
import { UsageError } from '../../core/errors.ts'
import { assertPlainObject, kindOf } from '../../core/plain-object.ts'
import { assertArray } from './checks/assert-array.ts'
import { assertUnconfined, type CollectionScope, open } from './collection-scope.ts'
import { checkOptions } from './checks/operation-options.ts'
import type { CallOptions } from '../store/store-context.ts'

/** How an index is made, beside what it is. */
export interface CreateIndexOptions extends IndexOptions, CallOptions {
  /** Called with every change of state, and now and then while documents are indexed. */
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined
}

export async function createIndex(scope: CollectionScope, keys: IndexKeys, given: CreateIndexOptions): Promise<string> {
  assertUnconfined(scope, 'createIndex')
  const { signal, deadline, onProgress, ...options } = assertPlainObject(given, 'options')
  const model = checkedIndex(scope, keys, options)
  const call = { signal, deadline }
  checkOptions(call, [])
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new UsageError(`'onProgress' must be a function, not ${kindOf(onProgress)}`)
  }
  const context = { ...scope.session.store.context(call), onProgress }
  await (await open(scope, call)).createIndex(model, context)
  return model.name
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
export async function dropIndex(scope: CollectionScope, name: string): Promise<boolean> {
  assertUnconfined(scope, 'dropIndex')
  if (typeof name !== 'string') throw new UsageError(`the name of an index must be text, not ${kindOf(name)}`)
  if (name === idIndex.name) {
    throw new DocumentValidationError('the index on _id cannot be dropped', { reason: 'InvalidOptions', path: '' })
  }
  return (await open(scope)).dropIndex(name, scope.session.store.context())
}

export async function listIndexes(scope: CollectionScope): Promise<readonly ListedIndex[]> {
  return (await open(scope)).listIndexes(scope.session.store.context())
}

/** One of several indexes: its keys beside its options, as MongoDB's driver has it. */
export interface IndexDescription extends IndexOptions {
  readonly key: IndexKeys
}

/** All are checked before the first is made. */
export async function createIndexes(scope: CollectionScope, indexes: readonly IndexDescription[]): Promise<string[]> {
  const models = assertArray(indexes, 'the indexes').map((index) => {
    const { key, ...options } = assertPlainObject(index, 'an index')
    return { key, options, model: checkedIndex(scope, key, options) }
  })
  if (models.length === 0) {
    throw new DocumentValidationError('createIndexes must have at least one index', { reason: 'BadValue', path: '' })
  }
  for (const { key, options } of models) await createIndex(scope, key, options)
  return models.map(({ model }) => model.name)
}

/** All but the one on `_id`, which every collection keeps. */
export async function dropIndexes(scope: CollectionScope): Promise<number> {
  assertUnconfined(scope, 'dropIndexes')
  const names = (await listIndexes(scope)).map(({ name }) => name).filter((name) => name !== idIndex.name)
  let dropped = 0
  for (const name of names) if (await dropIndex(scope, name)) dropped += 1
  return dropped
}
