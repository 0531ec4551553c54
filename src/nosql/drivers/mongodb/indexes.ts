import type { CreateIndexesOptions, IndexSpecification } from 'mongodb'
import type { DriverContext } from '../../contract/context.ts'
import type { Expiry, IndexContext } from '../../contract/driver-collection.ts'
import type { IndexModel, ListedIndex } from '../../contract/index-model.ts'
import { hasCode, toStoreError } from './errors.ts'
import { callOptions, type Target } from './reads.ts'

export async function listIndexes(target: Target, context: DriverContext): Promise<readonly ListedIndex[]> {
  try {
    const indexes: unknown[] = await target.collection().listIndexes(callOptions(target, context)).toArray()
    return indexes.map(toModel)
  } catch (error) {
    if (hasCode(error, 26)) return [toModel({ name: '_id_', key: { _id: 1 } })]
    throw toStoreError(error, 'read')
  }
}

interface ListedByServer {
  readonly name: string
  readonly key: Readonly<Record<string, unknown>>
  readonly unique?: boolean
  readonly sparse?: boolean
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>
  readonly expireAfterSeconds?: number
}

function toModel(listed: unknown): ListedIndex {
  const { name, key, unique, sparse, partialFilterExpression, expireAfterSeconds } = listed as ListedByServer
  return {
    name,
    key: Object.entries(key).map(([path, direction]) => [path, direction === -1 ? -1 : 1] as const),
    ...((unique === true || name === '_id_') && { unique: true }),
    ...(sparse === true && { sparse }),
    ...(partialFilterExpression !== undefined && { partialFilterExpression }),
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
  }
}

/** The server answers when the index is built. */
export async function createIndex(target: Target, index: IndexModel, context: IndexContext): Promise<void> {
  const { key, ...options } = index
  // A Map keeps the order of keys that look like numbers.
  const keys: IndexSpecification = new Map(key)
  try {
    await target
      .collection()
      .createIndex(keys, { ...callOptions(target, context), ...(options as CreateIndexesOptions) })
  } catch (error) {
    throw toStoreError(error, 'write')
  }
}

export async function dropIndex(target: Target, name: string, context: DriverContext): Promise<boolean> {
  try {
    await target.collection().dropIndex(name, callOptions(target, context))
    return true
  } catch (error) {
    if (hasCode(error, 26) || hasCode(error, 27)) return false
    throw toStoreError(error, 'write')
  }
}

/** The rules by which documents expire, of the TTL indexes among these. */
export function expiryOf(indexes: readonly IndexModel[]): readonly Expiry[] {
  return indexes.flatMap(({ key, expireAfterSeconds, partialFilterExpression }) => {
    const [path] = key[0] ?? []
    if (expireAfterSeconds === undefined || path === undefined) return []
    return [{ path, afterSeconds: expireAfterSeconds, partialFilterExpression }]
  })
}
