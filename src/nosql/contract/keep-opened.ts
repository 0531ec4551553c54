import type { CollectionSpec } from './define-collection.ts'
import type { DriverCollection } from './driver-collection.ts'

/** What a collection was opened with. */
interface OpenedWith {
  readonly name: string
  readonly spec: CollectionSpec | undefined
  /** What is known of its indexes. What was read again is another object, also where it says the same. */
  readonly indexes: object
}

/** The collections of one client, so that an operation need not put together again what the last one did. */
export interface OpenedCollections {
  /** The one that was opened with the same, or a new one. */
  get(asked: OpenedWith, make: () => DriverCollection): DriverCollection
}

/** Names may be made as they are needed, one for each tenant: then the rare ones are opened again. */
const most = 1000

export function keepOpened(): OpenedCollections {
  const kept = new Map<string, OpenedWith & { readonly collection: DriverCollection }>()
  return {
    get({ name, spec, indexes }, make) {
      const opened = kept.get(name)
      if (opened !== undefined && opened.spec === spec && opened.indexes === indexes) return opened.collection
      if (kept.size >= most) kept.clear()
      const collection = make()
      kept.set(name, { name, spec, indexes, collection })
      return collection
    },
  }
}
