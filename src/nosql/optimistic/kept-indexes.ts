import type { CollectionSpec } from '../contract/define-collection.ts'
import type { Expiry } from '../contract/driver-collection.ts'
import type { IndexModel } from '../contract/index-model.ts'
import type { KnownIndexes } from './index-catalog.ts'

/** The indexes that a program goes by: those of the catalogue, and those that its specification declares. */
export interface KeptIndexes {
  /**
   * What its writers keep up. A declared index is among them also where it was never created: the program that declares a
   * key unique holds to it.
   */
  readonly kept: readonly IndexModel[]
  /** What its readers may use, for every document is in it. */
  readonly usable: readonly IndexModel[]
  readonly expiry: readonly Expiry[]
}

export function keptIndexes({ maintained, usable }: KnownIndexes, spec: CollectionSpec | undefined): KeptIndexes {
  const names = new Set(maintained.map(({ name }) => name))
  const declared = (spec?.indexes ?? []).filter(({ name }) => !names.has(name))
  const kept = [...maintained, ...declared]
  return { kept, usable, expiry: expiryOf(kept) }
}

/** The rules by which documents expire. */
function expiryOf(indexes: readonly IndexModel[]): readonly Expiry[] {
  return indexes.flatMap(({ key, expireAfterSeconds, partialFilterExpression }) => {
    const [path] = key[0] ?? []
    if (expireAfterSeconds === undefined || path === undefined) return []
    return [{ path, afterSeconds: expireAfterSeconds, partialFilterExpression }]
  })
}
