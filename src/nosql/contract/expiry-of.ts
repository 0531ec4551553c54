import type { Expiry } from './driver-collection.ts'
import type { IndexModel } from './index-model.ts'

/** The rules by which documents expire, of the TTL indexes among these. */
export function expiryOf(indexes: readonly IndexModel[]): readonly Expiry[] {
  return indexes.flatMap(({ key, expireAfterSeconds, partialFilterExpression }) => {
    const [path] = key[0] ?? []
    if (expireAfterSeconds === undefined || path === undefined) return []
    return [{ path, afterSeconds: expireAfterSeconds, partialFilterExpression }]
  })
}
