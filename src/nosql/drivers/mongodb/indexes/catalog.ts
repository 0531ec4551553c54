import type { DriverContext, MaybePromise } from '../../../contract/context.ts'
import type { IndexModel } from '../../../contract/index-model.ts'

/** The indexes of the collections that a driver has met, so that plans and expired documents need no extra request. */
export interface Catalog {
  /** Asks the server on first use, and again when what is known is old. */
  indexesOf(collection: string, context: DriverContext, list: ListIndexes): MaybePromise<readonly IndexModel[]>
  /** Takes over what was just listed. */
  learn(collection: string, indexes: readonly IndexModel[], context: DriverContext): void
  /** After a change: the next use asks again. */
  forget(collection: string): void
}

export type ListIndexes = (context: DriverContext) => Promise<readonly IndexModel[]>

/** In milliseconds. An index that another program makes is noticed after so long; answers do not depend on it. */
const lifetime = 300_000

export function createCatalog(): Catalog {
  const known = new Map<string, { readonly at: number; readonly indexes: readonly IndexModel[] }>()
  const learnFrom = async (collection: string, context: DriverContext, list: ListIndexes) => {
    const indexes = await list(context)
    known.set(collection, { at: context.now, indexes })
    return indexes
  }
  return {
    indexesOf(collection, context, list) {
      const entry = known.get(collection)
      if (entry !== undefined && Math.abs(context.now - entry.at) < lifetime) return entry.indexes
      return learnFrom(collection, context, list)
    },
    learn: (collection, indexes, { now }) => void known.set(collection, { at: now, indexes }),
    forget: (collection) => void known.delete(collection),
  }
}
