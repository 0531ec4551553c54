import type { CreateIndexesOptions, IndexSpecification } from 'mongodb'
import type { DriverContext } from '../../../contract/context.ts'
import type { IndexContext } from '../../../contract/driver-collection.ts'
import { placedByBackend, type IndexModel, type ListedIndex } from '../../../contract/index-model.ts'
import { callOptions, estimateCount } from '../reading/reads.ts'
import type { Target } from '../transport/target.ts'
import { sendRead, sendWrite } from '../transport/send.ts'
import { hasCode } from '../vendor-error.ts'

export function listIndexes(target: Target, context: DriverContext): Promise<readonly ListedIndex[]> {
  return sendRead(target, context, async (sending) => {
    try {
      const indexes: unknown[] = await target.collection().listIndexes(callOptions(sending, context)).toArray()
      return indexes.map(toModel)
    } catch (error) {
      if (hasCode(error, 26)) return [toModel({ name: '_id_', key: { _id: 1 } })]
      throw error
    }
  })
}

interface ListedByServer {
  readonly name: string
  readonly key: Readonly<Record<string, unknown>>
  readonly unique?: boolean
  readonly sparse?: boolean
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>
  readonly expireAfterSeconds?: number
  readonly hidden?: boolean
}

function toModel(listed: unknown): ListedIndex {
  // As the server describes an index.
  const { name, key, unique, sparse, partialFilterExpression, expireAfterSeconds, hidden } = listed as ListedByServer
  const kind = hidden === true ? 'hidden' : Object.values(key).find(isSpecial)
  return {
    name,
    key: Object.entries(key).map(([path, direction]) => [path, direction === -1 ? -1 : 1] as const),
    ...((unique === true || name === '_id_') && { unique: true }),
    ...(sparse === true && { sparse }),
    ...(partialFilterExpression !== undefined && { partialFilterExpression }),
    ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
    ...(kind !== undefined && { kind }),
  }
}

/** Whether plain conditions cannot use the index: a text index serves `$text` alone. A hashed one serves equality. */
function isSpecial(direction: unknown): direction is string {
  return typeof direction === 'string' && direction !== 'hashed'
}

/** The server answers when the index is built, however long that takes, and says nothing meanwhile. */
export async function createIndex(target: Target, index: IndexModel, context: IndexContext): Promise<void> {
  const { key, ...options } = placedByBackend(index)
  const { onProgress } = context
  onProgress?.({ state: 'writing', documents: 0 })
  // A Map keeps the order of keys that look like numbers.
  const keys: IndexSpecification = new Map(key)
  await sendWrite(target, context, (sending) => {
    const call = { ...callOptions(sending, context), ...(options as CreateIndexesOptions), socketTimeoutMS: 0 }
    return target.collection().createIndex(keys, call)
  })
  // Counted only if a caller listens, because it is another command.
  if (onProgress !== undefined) onProgress({ state: 'ready', documents: (await estimateCount(target, context)) ?? 0 })
}

export function dropIndex(target: Target, name: string, context: DriverContext): Promise<boolean> {
  return sendWrite(target, context, async (sending) => {
    try {
      await target.collection().dropIndex(name, callOptions(sending, context))
      return true
    } catch (error) {
      if (hasCode(error, 26) || hasCode(error, 27)) return false
      throw error
    }
  })
}
