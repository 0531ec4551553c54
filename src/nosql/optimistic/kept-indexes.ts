import type { CollectionSpec } from '../contract/define-collection.ts'
import type { DriverContext, MaybePromise } from '../contract/context.ts'
import type { Expiry } from '../contract/driver-collection.ts'
import { expiryOf } from '../contract/expiry-of.ts'
import type { IndexModel } from '../contract/index-model.ts'
import type { IndexCatalog, KnownIndexes } from './index-catalog.ts'

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

function keptIndexes({ maintained, usable }: KnownIndexes, spec: CollectionSpec | undefined): KeptIndexes {
  const names = new Set(maintained.map(({ name }) => name))
  const declared = (spec?.indexes ?? []).filter(({ name }) => !names.has(name))
  const kept = [...maintained, ...declared]
  return { kept, usable, expiry: expiryOf(kept) }
}

export interface NamedCollection {
  readonly name: string
  readonly spec: CollectionSpec | undefined
}

/** What was last put together of what the catalogue knows: most programs have one specification for a collection. */
const lastKept = new WeakMap<KnownIndexes, { readonly spec: CollectionSpec | undefined; readonly kept: KeptIndexes }>()

/** Asks the catalogue, which remembers. The same object, as long as the catalogue says the same. */
export function indexesOf(
  { catalog }: { readonly catalog: IndexCatalog },
  { name, spec }: NamedCollection,
  context: DriverContext,
): MaybePromise<KeptIndexes> {
  // What the catalogue sends is not the operation's.
  const known = catalog.indexes(name, context.onRequest === undefined ? context : { ...context, onRequest: undefined })
  return known instanceof Promise ? known.then((answer) => keptOf(answer, spec)) : keptOf(known, spec)
}

function keptOf(known: KnownIndexes, spec: CollectionSpec | undefined): KeptIndexes {
  const last = lastKept.get(known)
  if (last !== undefined && last.spec === spec) return last.kept
  const kept = keptIndexes(known, spec)
  lastKept.set(known, { spec, kept })
  return kept
}
