import type { CollectionSpec } from '../../contract/define-collection.ts'
import type { DriverCollection } from '../../contract/driver-collection.ts'
import type { IndexModel } from '../../contract/index-model.ts'

/** What a collection was opened with. */
interface OpenedWith {
  readonly name: string
  readonly spec: CollectionSpec | undefined
  readonly indexes: readonly IndexModel[]
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
      // A list of indexes that was read again is another one, also where it says the same.
      if (opened !== undefined && opened.spec === spec && opened.indexes === indexes) return opened.collection
      if (kept.size >= most) kept.clear()
      const collection = make()
      kept.set(name, { name, spec, indexes, collection })
      return collection
    },
  }
}
