import { DocumentValidationError, UnsupportedOperationError } from '../errors.ts'
import { idIndex, parseIndex, type IndexKeys, type IndexModel, type IndexOptions } from '../contract/index-model.ts'
import { parseFilter } from '../query/filter/parse-filter.ts'
import { open, type CollectionScope } from './collection-scope.ts'

/** Refuses what the backend has not before anything is made of it. */
export async function createIndex(scope: CollectionScope, keys: IndexKeys, options: IndexOptions): Promise<string> {
  const model = parseIndex(keys, options)
  if (model.partialFilterExpression !== undefined) parseFilter(model.partialFilterExpression)
  const { index } = scope.session.store.backend.capabilities
  const missing: (readonly [boolean, string])[] = [
    [index.create, 'Indexes made through the data API'],
    [model.unique !== true || index.unique !== 'none', 'Unique indexes'],
    [model.sparse !== true || index.sparse, 'Sparse indexes'],
    [model.partialFilterExpression === undefined || index.partial, 'Partial indexes'],
    [model.expireAfterSeconds === undefined || index.ttl, 'TTL indexes'],
  ]
  for (const [there, what] of missing) {
    if (there) continue
    throw new UnsupportedOperationError(
      `${what} are not among the capabilities of '${scope.session.store.backend.name}'.`,
      {
        hint: 'Check store.capabilities.index first.',
      },
    )
  }
  const context = scope.session.store.context()
  await (await open(scope)).createIndex(model, context)
  return model.name
}

/** @throws {DocumentValidationError} for the index on `_id`, which every collection keeps. */
export async function dropIndex(scope: CollectionScope, name: string): Promise<boolean> {
  if (name === idIndex.name) {
    throw new DocumentValidationError('The index on _id cannot be dropped.', { reason: 'InvalidOptions', path: '' })
  }
  return (await open(scope)).dropIndex(name, scope.session.store.context())
}

export async function listIndexes(scope: CollectionScope): Promise<readonly IndexModel[]> {
  return (await open(scope)).listIndexes(scope.session.store.context())
}
